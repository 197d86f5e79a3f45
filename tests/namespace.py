"""A mount namespace with an empty /run/pcscd, for Linux and root.

libpcsclite finds its service at that one place, so tests that run at the same time each need one of their own.
"""

from __future__ import annotations

import ctypes
import os
import subprocess

CLONE_NEWNS = 0x20000
"""Source: unshare(2)."""


def enter() -> None:
    """Move this thread, and all that it starts from now on. Raises OSError, subprocess.CalledProcessError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/pcscd"], check=True)
