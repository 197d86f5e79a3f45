"""One input device of the kernel, opened. The only place with Linux's own calls.

Source: linux/input.h (EVIOCGID, EVIOCGNAME, EVIOCGBIT, EVIOCGRAB) and asm-generic/ioctl.h (x86 and ARM).
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from stb_profile.evdev.event import EV_KEY, FORM

FOLDER = Path("/dev/input")
BUS_CEC = 0x1E
KEY_MAX = 0x2FF
EVENTS_AT_ONCE = 64


class DeviceGone(Exception):
    """Unplugged, or its battery is empty; it may come back under another name."""


@dataclass(frozen=True, slots=True)
class Device:
    """An open input device. Close it; a grab ends with it."""

    path: Path
    descriptor: int
    name: str
    bus: int
    codes: frozenset[int]
    """evdev codes of the keys it says it has."""

    def read(self) -> bytes:
        """What has come since the last read, b"" for nothing. Raises DeviceGone."""
        try:
            data = os.read(self.descriptor, EVENTS_AT_ONCE * FORM.size)
        except BlockingIOError:
            return b""
        except OSError as exc:
            raise DeviceGone(self.name) from exc
        if not data:
            raise DeviceGone(self.name)
        return data

    def grab(self) -> None:
        """Keep its keys from everybody else, the window system included. Raises OSError when another has done so."""
        fcntl.ioctl(self.descriptor, _EVIOCGRAB, 1)

    def close(self) -> None:
        os.close(self.descriptor)

    def has_any(self, codes: Collection[int]) -> bool:
        return not self.codes.isdisjoint(codes)


def devices(folder: Path = FOLDER) -> list[Path]:
    """The event devices there are now, readable or not."""
    return sorted(folder.glob("event*"))


def opened(path: Path) -> Device:
    """Open for reading, without waiting. Raises OSError for what may not be read or is no input device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        bus = struct.unpack("@HHHH", _get(descriptor, _EVIOCGID, 8))[0]
        name = _get(descriptor, _EVIOCGNAME, _NAME_LENGTH).partition(b"\0")[0].decode("utf-8", "replace")
        bits = _get(descriptor, _EVIOCGBIT_KEY, _KEY_BYTES)
    except OSError:
        os.close(descriptor)
        raise
    return Device(path, descriptor, name, bus, codes_in(bits))


def codes_in(bits: bytes) -> frozenset[int]:
    """The numbers of the bits that are set, least significant first."""
    return frozenset(8 * at + bit for at, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1)


def _get(descriptor: int, request: int, length: int) -> bytes:
    buffer = bytearray(length)
    fcntl.ioctl(descriptor, request, buffer)
    return bytes(buffer)


_WRITE, _READ = 1, 2
_NAME_LENGTH, _KEY_BYTES = 256, KEY_MAX // 8 + 1


def _request(direction: int, number: int, length: int) -> int:
    return direction << 30 | length << 16 | ord("E") << 8 | number


_EVIOCGID = _request(_READ, 0x02, 8)
_EVIOCGNAME = _request(_READ, 0x06, _NAME_LENGTH)
_EVIOCGBIT_KEY = _request(_READ, 0x20 + EV_KEY, _KEY_BYTES)
_EVIOCGRAB = _request(_WRITE, 0x90, 4)
