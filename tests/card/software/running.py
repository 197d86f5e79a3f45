"""The box of cards as a real process, and its control socket without the client of ours."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEADLINE_S = 20.0


def start_box(data: Path, *options: str) -> subprocess.Popen[str]:
    """Start the process and wait until it says that it is ready."""
    arguments = [sys.executable, "-m", "drivers.software_card", "--data", str(data), "--with-parent", *options]
    box = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert box.stdout is not None
    assert json.loads(box.stdout.readline())["pid"] == box.pid
    return box


def end_box(box: subprocess.Popen[str]) -> int:
    """Do what a parent's end does: close the box's standard input. Returns the exit status."""
    box.communicate(timeout=DEADLINE_S)
    return box.returncode


@contextmanager
def running_box(data: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    box = start_box(data, *options)
    try:
        yield box
    finally:
        end_box(box)


class Line:
    """One connection to the control socket, line by line."""

    def __init__(self, data: Path, token: str | None = None) -> None:
        place = json.loads((data / "card-control.json").read_bytes())
        self._socket = socket.create_connection(("127.0.0.1", place["port"]), DEADLINE_S)
        self._lines = self._socket.makefile("rwb")
        self.say({"token": token or place["token"]})

    def say(self, message: dict[str, Any] | bytes) -> None:
        self._lines.write((message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\n")
        self._lines.flush()

    def hear(self) -> dict[str, Any]:
        """The next line; an empty dict when the box has closed."""
        answer: dict[str, Any] = json.loads(self._lines.readline() or b"{}")
        return answer

    def ask(self, do: str, **details: Any) -> dict[str, Any]:
        self.say({"do": do, **details})
        return self.hear()

    def close(self) -> None:
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
