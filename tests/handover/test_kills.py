"""kill -9 before every operation on a file, a few rounds of it; `script/soak handover N` does many."""

from __future__ import annotations

import subprocess
import sys
from ast import literal_eval
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_answer_is_lost_or_given_twice() -> None:
    command = [sys.executable, "-m", "tests.soak.handover", "120"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    found = literal_eval(done.stdout)
    assert found["kills"] == 120
    assert found["requests"] > 10
