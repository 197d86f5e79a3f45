"""This PySide6 on this Python keeps its reference counts: 6.12.0 on Python 3.11 loses None and True until it aborts.

Source: Qt reference, section 2. In a child process, because the abort would take the test run with it.
"""

from __future__ import annotations

import subprocess
import sys

LOOPS = """
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Bell(QObject):
    rung = Signal(int)

application = QCoreApplication([])
timer, bell = QTimer(), Bell()
for _ in range(200_000):
    timer.stop()
for _ in range(200_000):
    bell.rung.emit(1)
print("both loops done")
"""


def test_qt_keeps_its_reference_counts() -> None:
    child = subprocess.run([sys.executable, "-c", LOOPS], capture_output=True, text=True, timeout=120, check=False)
    assert child.returncode == 0, f"status {child.returncode}: {child.stderr[-500:]}"
    assert child.stdout.endswith("both loops done\n")
