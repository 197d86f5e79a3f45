"""qmllint finds nothing, and finds what is planted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kiosk.stage_data import UI

QMLLINT = Path(sys.executable).with_name("pyside6-qmllint")


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [str(QMLLINT), "-I", str(UI), "--max-warnings", "0", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_no_warning_in_any_qml_file() -> None:
    files = sorted(UI.rglob("*.qml"))
    assert len(files) > 40
    run = lint(*files)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_wrong_token_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "Wrong.qml"
    wrong.write_text("import QtQuick\nimport theme\n\nText {\n    color: Theme.ground.paint\n}\n", "utf-8")
    run = lint(wrong)
    assert run.returncode != 0
    assert "paint" in run.stdout + run.stderr
