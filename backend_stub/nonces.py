"""Nonces of signed requests: each counts once, also across a restart.

They are kept for two terms, in two generations that change places, in memory and in two files of the body's folder.
The files are written through to the system but not synced: they outlive the end of the process, however it comes. After
a power cut the machine is longer away than a signature is valid.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from backend_stub.signatures import MAX_AGE_S, SKEW_S, Unsigned

TERM_S = MAX_AGE_S + 2 * SKEW_S
"""How long after it was seen a signed request could pass for fresh."""


class Nonces:
    """The nonces one body has seen. `folder` is the body's own; without one they are kept in memory alone."""

    def __init__(self, folder: Path | None = None, now: float | None = None) -> None:
        """Read what an earlier process has left in `folder`. `now` is seconds since 1970."""
        now = time.time() if now is None else now
        self._folder = folder
        self._seen: set[str] = set()
        self._before: set[str] = set()
        self._turned = now
        self._file = -1
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._before = {one for path in self._files(folder) for one in _read(path, now)}
            # What is open now may belong to a process that is not quite at its end: it is joined, never cut.
            self._file = self._open(self._files(folder)[1])

    def use(self, machine_id: str, nonce: str, now: float) -> None:
        """Use a nonce up. Raises Unsigned when it was used before; OSError when it could not be kept."""
        if now - self._turned > TERM_S:
            self._turn(now)
        one = f"{machine_id} {nonce}"
        if one in self._seen or one in self._before:
            raise Unsigned("replayed")
        if self._file >= 0:
            os.write(self._file, f"{one}\n".encode())
        self._seen.add(one)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _turn(self, now: float) -> None:
        self._before = self._seen if now - self._turned <= 2 * TERM_S else set()
        self._seen = set()
        self._turned = now
        if self._folder is not None:
            older, newer = self._files(self._folder)
            newer.replace(older)
            self.close()
            self._file = self._open(newer)

    @staticmethod
    def _files(folder: Path) -> tuple[Path, Path]:
        return folder / "nonces.older", folder / "nonces"

    @staticmethod
    def _open(path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _read(path: Path, now: float) -> list[str]:
    """The nonces of a file that was written within the term; a last line that was cut short stands for itself."""
    if not path.exists() or now - path.stat().st_mtime > TERM_S:
        return []
    return path.read_text("ascii").splitlines()
