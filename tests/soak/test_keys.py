"""A little of the soak on every day: some hundred random keys over the running demo."""

from __future__ import annotations

import json
import subprocess
import sys

KEYS = 300


def test_some_random_keys() -> None:
    """As a program of its own: it brings its own event loop, and its memory is its own."""
    command = (sys.executable, "-m", "tests.soak.keys", str(KEYS), "5")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told, done.stderr
    assert "found" not in told[0], told[0]["found"]
    assert told[0]["keys"] >= KEYS
    assert len(told[0]["screens"]) > 5
