"""kill -9 before every step of a payment, a round of it; `script/soak payment N` does many."""

from __future__ import annotations

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_one_charge_and_one_answer() -> None:
    command = [sys.executable, "-m", "tests.soak.payment", "24"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    found = literal_eval(done.stdout)
    assert found["kills"] == 24
    assert found["charged"] == found["bills"] > 0
