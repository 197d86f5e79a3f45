"""The kernel's record of one thing a device did. Source: linux/input.h, linux/input-event-codes.h."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

EV_SYN, EV_KEY, EV_MSC = 0x00, 0x01, 0x04
SYN_REPORT, SYN_DROPPED, MSC_SCAN = 0, 3, 4
UP, DOWN, REPEAT = 0, 1, 2
"""Values of EV_KEY."""

FORM = struct.Struct("@llHHi")
"""struct input_event: seconds, microseconds, type, code, value; longs of the machine."""


@dataclass(frozen=True, slots=True)
class Event:
    at_s: float
    """On the kernel's clock; only differences mean anything."""
    type: int
    code: int
    value: int

    def encoded(self) -> bytes:
        seconds, part = divmod(round(self.at_s * 1_000_000), 1_000_000)
        return FORM.pack(seconds, part, self.type, self.code, self.value)


def decoded(data: bytes) -> Iterator[Event]:
    """All whole events in `data`; the kernel never hands over a part of one."""
    for seconds, micro, kind, code, value in FORM.iter_unpack(data[: len(data) // FORM.size * FORM.size]):
        yield Event(seconds + micro / 1_000_000, kind, code, value)
