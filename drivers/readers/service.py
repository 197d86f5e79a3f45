"""The smart-card service of this machine: is it there, can it be started, does it have virtual readers?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

from smartcard import scard

VIRTUAL_READER = "Virtual PCD"
"""How vsmartcard's vpcd names its readers (its Debian package's reader file)."""

START_S = 10.0


@dataclass(frozen=True, slots=True)
class Service:
    """A smart-card service that answers. `started` is set when this program started it and must end it."""

    readers: tuple[str, ...]
    started: subprocess.Popen[bytes] | None

    @property
    def has_virtual_reader(self) -> bool:
        return any(name.startswith(VIRTUAL_READER) for name in self.readers)

    def stop(self) -> None:
        if self.started is not None:
            self.started.terminate()
            self.started.wait()


def find_or_start() -> Service | None:
    """The running service, or a pcscd of our own where that is allowed (Linux, root), or None."""
    readers = _readers()
    if readers is not None:
        return Service(readers, None)
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("pcscd") is None:
        return None
    child = subprocess.Popen(["pcscd", "--foreground"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + START_S
    while child.poll() is None and time.monotonic() < deadline:
        readers = _readers()
        if readers is not None:
            return Service(readers, child)
        time.sleep(0.05)
    child.kill()
    child.wait()
    return None


def _readers() -> tuple[str, ...] | None:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return None
    try:
        _code, readers = scard.SCardListReaders(context, [])
        return tuple(readers)
    finally:
        scard.SCardReleaseContext(context)
