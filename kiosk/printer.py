"""What leaves the kiosk on paper or as a file: the printer of the system, or folders that an operator has named.

The edge: nothing above it knows of CUPS or of a file system.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from uuid import uuid4

from kiosk.desk import NotHandedOut

PRINTING_S = 30.0
"""CUPS takes a document long before its paper comes out."""


class Tray:
    """Where papers go. `printouts`: a folder for PDFs where there is no printer. `stick`: where a USB stick appears."""

    def __init__(self, printouts: Path | None = None, stick: Path | None = None, lp: str | None = None) -> None:
        """`lp` is the system's printing command, used where no folder is named."""
        self._printouts = printouts
        self._stick = stick
        self._lp = lp

    @property
    def prints(self) -> bool:
        """Whether there is something to print with."""
        return self._lp is not None or self._printouts is not None

    @property
    def has_stick(self) -> bool:
        """Whether something to take files home is plugged in now."""
        return self._stick is not None and self._stick.is_dir() and os.access(self._stick, os.W_OK)

    async def print_pdf(self, pdf: bytes) -> None:
        """Print once. The document has no name that tells anything. Raises NotHandedOut."""
        if self._printouts is not None:
            await _write(self._printouts / f"{uuid4().hex}.pdf", pdf)
        elif self._lp is not None:
            await _print(self._lp, pdf)
        else:
            raise NotHandedOut

    async def keep(self, name: str, content: bytes) -> None:
        """Write a file onto the stick, whole or not at all. Raises NotHandedOut."""
        if self._stick is None or not self.has_stick:
            raise NotHandedOut
        await _write(self._stick / name, content)


def find(printouts: Path | None, stick: Path | None) -> Tray:
    """With the system's printer, if it has one."""
    return Tray(printouts, stick, shutil.which("lp"))


async def _write(path: Path, content: bytes) -> None:
    try:
        await asyncio.to_thread(_write_whole, path, content)
    except OSError as exc:
        raise NotHandedOut from exc


def _write_whole(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a stick is pulled out when the screen says so
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


async def _print(lp: str, pdf: bytes) -> None:
    """By standard input: no file is left behind."""
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            lp, "-s", "-t", "madoguchi", "-", stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=pipe
        )
        try:
            async with asyncio.timeout(PRINTING_S):
                await process.communicate(pdf)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    except (OSError, TimeoutError) as exc:
        raise NotHandedOut from exc
    if process.returncode != 0:
        raise NotHandedOut
