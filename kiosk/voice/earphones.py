"""Whether earphones are plugged in: what is said then is heard by one person only.

Linux tells it by the switch of an input device; a television's own socket and USB headsets have none, and count as no.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

SYS_INPUT = Path("/sys/class/input")
SW_HEADPHONE_INSERT = 2
"""Source: linux/input-event-codes.h."""
EVIOCGSW = 0x8008451B
"""Reads 8 bytes of switch states. Source: linux/input.h."""

Earphones = Callable[[], bool]


def none() -> bool:
    """Where nothing can tell."""
    return False


def find(inputs: Path = SYS_INPUT, switch_is_on: Callable[[str], bool] | None = None) -> Earphones:
    """A question that costs one system call a socket."""
    if not sys.platform.startswith("linux"):
        return none
    sockets = [device.name for device in sorted(inputs.glob("event*")) if _is_socket(device)]
    is_on = switch_is_on or _is_on
    return (lambda: any(map(is_on, sockets))) if sockets else none


def _is_socket(device: Path) -> bool:
    try:
        switches = (device / "device" / "capabilities" / "sw").read_text().split()
    except OSError:
        return False
    return bool(switches) and bool(int(switches[-1], 16) >> SW_HEADPHONE_INSERT & 1)


def _is_on(event: str) -> bool:
    import fcntl

    states = bytearray(8)
    try:
        descriptor = os.open(f"/dev/input/{event}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.ioctl(descriptor, EVIOCGSW, states)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return bool(struct.unpack("<Q", states)[0] >> SW_HEADPHONE_INSERT & 1)
