"""The kernel's own forms and numbers: input events, ioctl requests, bits."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from stb_profile.evdev import device
from stb_profile.evdev.event import EV_KEY, Event, decoded

OK_DOWN = struct.pack("@llHHi", 1_700_000_000, 250_000, 1, 352, 1)
"""struct input_event, with the longs of this machine."""


def test_an_event_as_the_kernel_writes_it() -> None:
    (event,) = decoded(OK_DOWN)
    assert event == Event(1_700_000_000.25, EV_KEY, 352, 1)
    assert event.encoded() == OK_DOWN


def test_a_part_of_an_event_is_left_out() -> None:
    assert len(list(decoded(OK_DOWN * 2 + OK_DOWN[:7]))) == 2


def test_ioctl_requests() -> None:
    """Source: linux/input.h, by the macros of asm-generic/ioctl.h."""
    assert device._EVIOCGRAB == 0x40044590
    assert device._EVIOCGID == 0x80084502
    assert device._EVIOCGNAME == 0x81004506
    assert device._EVIOCGBIT_KEY == 0x80604521


def test_bits_are_counted_from_the_lowest() -> None:
    bits = bytearray(96)
    for code in (1, 103, 352, 631):
        bits[code // 8] |= 1 << code % 8
    assert device.codes_in(bytes(bits)) == {1, 103, 352, 631}


def test_what_is_no_input_device_is_refused_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "event0"
    path.touch()
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="ioctl"):
        device.opened(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
