"""A log that is killed while it writes (kill -9) has everything it acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest
from kill_writer import kill_often

ROOT = str(Path(__file__).parents[4])


def test_nothing_acknowledged_is_missing_after_kill_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = str(Path(__file__).parent)
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{here}")
    assert kill_often(tmp_path, 3) > 100
