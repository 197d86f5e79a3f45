"""The folders `req`, `res` and `face`, wherever they are. All states are in names, all steps are renames.

    req/X.xml -> req/X.xml.taken -> (res/.Y.xml.new written) -> req/X.xml.placed -> res/Y.xml -> (X.xml.placed removed)

Source of the names: card reference, section 8.2. Why this order: decision 0025. Everything here may block.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

TAKEN, PLACED, NEW = ".taken", ".placed", ".new"


class Trouble(Enum):
    """What is the matter with a folder; each is shown in words, and each may pass."""

    GONE = "gone"
    FULL = "full"
    READ_ONLY = "read_only"


class FolderTrouble(Exception):
    """A folder cannot be worked in now. What was begun is in a state from which it goes on."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class NoLongerThere(Exception):
    """The file has been taken back by who put it there."""


_TROUBLES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
}


@contextmanager
def _working() -> Iterator[None]:
    """Name what goes wrong; what is not full and not read-only is gone, as shares go in many ways."""
    try:
        yield
    except OSError as exc:
        raise FolderTrouble(_TROUBLES.get(exc.errno or 0, Trouble.GONE)) from exc


@dataclass(frozen=True, slots=True)
class Look:
    """What a file was like when it was looked at; who writes it changes it."""

    size: int
    changed_ns: int


class Folders:
    """One set of folders. No two processes work in the same one. Methods raise FolderTrouble."""

    def __init__(self, req: Path, res: Path, face: Path, ending: str = ".xml") -> None:
        """`ending` is that of requests."""
        self._ending_of_requests = ending
        self._req = req
        self._res = res
        self._face = face

    def requests(self) -> dict[str, Look]:
        """What is in `req` and not ours yet, by file name; not what is called like a request that is being answered."""
        with _working(), os.scandir(self._req) as entries:
            files = {entry.name: entry for entry in entries if entry.is_file(follow_symlinks=False)}
            found = {}
            for name, entry in files.items():
                if name.endswith(self._ending_of_requests) and not {name + TAKEN, name + PLACED} & files.keys():
                    with suppress(FileNotFoundError):  # taken back meanwhile
                        state = entry.stat(follow_symlinks=False)
                        found[name] = Look(state.st_size, state.st_mtime_ns)
            return found

    def taken(self) -> list[str]:
        """Requests that were taken and not answered."""
        return self._ending(TAKEN)

    def placed(self) -> list[str]:
        """Requests whose answer was written; whether it was handed over, `hand_over` finds out."""
        return self._ending(PLACED)

    def take(self, request: str) -> None:
        """Make a request ours. Raises NoLongerThere."""
        with _working():
            try:
                (self._req / request).rename(self._req / (request + TAKEN))
            except FileNotFoundError as exc:
                if not self._req.is_dir():
                    raise
                raise NoLongerThere from exc

    def content(self, request: str, most: int) -> bytes:
        """What a taken request says; one byte more than `most` of what is longer."""
        with _working(), (self._req / (request + TAKEN)).open("rb") as file:
            return file.read(most + 1)

    def place(self, request: str, answer: str, content: bytes) -> None:
        """Write the answer beside its place. From here on it is the one answer to this request."""
        with _working():
            _write(self._res / _new(answer), content)
            (self._req / (request + TAKEN)).rename(self._req / (request + PLACED))
            _sync(self._req)

    def hand_over(self, request: str, answer: str) -> bool:
        """Put the answer into its place, unless that was done, and forget the request; whether it is done now.

        It is not while an earlier answer of the same name has not been fetched.
        """
        with _working():
            new, place = self._res / _new(answer), self._res / answer
            if new.exists():
                if place.exists():
                    return False
                new.replace(place)
                _sync(self._res)
            elif not self._res.is_dir():
                raise FolderTrouble(Trouble.GONE)
            (self._req / (request + PLACED)).unlink(missing_ok=True)
            return True

    def push(self, name: str, content: bytes) -> None:
        """Put a file nobody asked for into `face`. It is there whole, once this returns, or not at all."""
        with _working():
            _write(self._face / _new(name), content)
            (self._face / _new(name)).replace(self._face / name)
            _sync(self._face)

    def sweep(self) -> None:
        """Remove what a kill left half-written in `face`; nobody was told that it is there."""
        with _working():
            for path in self._face.glob(f".*{NEW}"):
                path.unlink(missing_ok=True)

    def _ending(self, ending: str) -> list[str]:
        with _working(), os.scandir(self._req) as entries:
            mine = (one.name for one in entries if one.name.endswith(ending) and one.is_file(follow_symlinks=False))
            return sorted(name.removesuffix(ending) for name in mine)


def _new(name: str) -> str:
    return f".{name}{NEW}"


def _write(path: Path, content: bytes) -> None:
    """Write and sync; what could not be written whole is removed."""
    try:
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        _remove(path)
        raise


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # the folder is in trouble, which is being told; the next writing begins anew anyway


def _sync(folder: Path) -> None:
    """Make renames last, where folders can be synced: not on Windows, nor on every share."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
