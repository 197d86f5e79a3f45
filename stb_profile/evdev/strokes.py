"""From a device's events to keys going down and up, with the scan code that came along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stb_profile.evdev.event import EV_KEY, EV_MSC, EV_SYN, MSC_SCAN, REPEAT, SYN_DROPPED, SYN_REPORT, UP, Event

SAME_PRESS_S = 0.6
"""A bare scan code that comes again within this is the key being held: CEC repeats at least every 0.5 s."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key going down, being held, or coming up."""

    code: int | None
    """evdev code; None for a key the kernel has no name for, of which only the scan code comes and never an end."""
    scan: int | None
    down: bool
    repeated: bool


class Strokes:
    """One device's events, report by report."""

    def __init__(self) -> None:
        self._scan: int | None = None
        self._keys: list[Event] = []
        self._known: set[int] = set()
        self._bare: tuple[int, float] | None = None
        self._lost = False

    def take(self, event: Event) -> Iterator[Stroke]:
        """What the report says that this event ends; nothing before that."""
        if event.type == EV_MSC and event.code == MSC_SCAN:
            self._scan = event.value & 0xFFFFFFFF
        elif event.type == EV_KEY:
            self._keys.append(event)
        elif event.type == EV_SYN and event.code == SYN_DROPPED:
            self._lost = True
        elif event.type == EV_SYN and event.code == SYN_REPORT:
            yield from self._report(event.at_s)
            self._scan, self._keys, self._lost = None, [], False

    def _report(self, at_s: float) -> Iterator[Stroke]:
        if self._lost:  # the kernel's buffer ran over: what the rest of this report belongs to is not known
            return
        if self._keys and self._scan is not None:
            self._known.add(self._scan)
        for key in self._keys:
            yield Stroke(key.code, self._scan, key.value != UP, key.value == REPEAT)
        if not self._keys and self._scan is not None and self._scan not in self._known:
            yield self._nameless(self._scan, at_s)

    def _nameless(self, scan: int, at_s: float) -> Stroke:
        held = self._bare is not None and self._bare[0] == scan and at_s - self._bare[1] < SAME_PRESS_S
        self._bare = (scan, at_s)
        return Stroke(None, scan, True, held)
