"""The `madoguchi` command as a process of its own, with a PIN on a descriptor or on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COMMAND = [sys.executable, "-m", "kiosk.cli"]
DEADLINE_S = 60.0


def run(*arguments: str, pin: str | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run to the end; `pin` comes on standard input, by `--pin-fd 0`."""
    extra = [] if pin is None else ["--pin-fd", "0"]
    return subprocess.run(
        [*COMMAND, *arguments, *extra],
        input="" if pin is None else f"{pin}\n",
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        env=os.environ | (env or {}),
    )


def run_json(*arguments: str, pin: str | None = None) -> tuple[int, dict[str, Any]]:
    """Exit status and the one object on standard output."""
    done = run(*arguments, "--json", pin=pin)
    return done.returncode, json.loads(done.stdout)


class Terminal:
    """A person's terminal with the command in front: what it shows, and keys to press."""

    def __init__(self, child: subprocess.Popen[bytes], master: int) -> None:
        self._child = child
        self._master = master
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Return when `text` has been shown."""
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.shown:
            assert self._read(deadline - time.monotonic()), f"{text!r} never came:\n{self.shown}"

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def end(self) -> int:
        """Read to the end; the exit status."""
        deadline = time.monotonic() + DEADLINE_S
        while self._read(deadline - time.monotonic()):
            pass
        return self._child.wait(DEADLINE_S)

    def _read(self, patience_s: float) -> bool:
        if not select.select([self._master], [], [], max(patience_s, 0))[0]:
            return False
        try:
            piece = os.read(self._master, 4096)
        except OSError:  # Linux says so when the last program has left the terminal
            return False
        self.shown += piece.decode()
        return bool(piece)


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    child = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *COMMAND, *arguments], stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    try:
        yield Terminal(child, master)
    finally:
        child.kill()
        child.wait()
        os.close(master)
