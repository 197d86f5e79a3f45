"""Facilities, their rooms, hours, fees and closed days: a data file, and what it means on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec

from backend_client.wire import FacilityKind, RoomUse, Slot

FILE = Path(__file__).with_name("facilities.toml")


class _Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    seats: int
    fees: dict[Slot, int]
    """In yen; a slot without a fee cannot be booked."""


class _Facility(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: FacilityKind
    name: str
    address: str
    hours: dict[Slot, str]
    rooms: tuple[_Room, ...]
    closed_weekdays: frozenset[int] = frozenset()
    """From Monday, 0."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    days_ahead: int
    most: int
    closed: frozenset[str]
    """Month and day, of every year."""
    facilities: tuple[_Facility, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The days for which one may book now: from tomorrow, so that everything can still be cancelled."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


class Rooms:
    """Everything that can be booked. Raises msgspec.ValidationError when the file is not in order."""

    def __init__(self, path: Path = FILE) -> None:
        file = msgspec.toml.decode(path.read_bytes(), type=_File)
        self._days_ahead = file.days_ahead
        self._closed = file.closed
        self._facilities = file.facilities
        self.most = file.most
        """Bookings that one person may have before them."""

    def term(self, today: date) -> Term:
        return Term(today + timedelta(days=1), today + timedelta(days=self._days_ahead))

    def uses(self, kind: FacilityKind, day: date) -> tuple[RoomUse, ...]:
        """What of a kind can be used on a day; nothing where all is closed."""
        return tuple(use for facility in self._facilities if facility.kind is kind for use in self._on(facility, day))

    def use(self, room: str, day: date, slot: Slot) -> RoomUse | None:
        """One of them; None when there is no such room or slot, or the facility is closed."""
        uses = (use for facility in self._facilities for use in self._on(facility, day))
        return next((use for use in uses if (use.room, use.slot) == (room, slot)), None)

    def _on(self, facility: _Facility, day: date) -> Iterator[RoomUse]:
        if day.weekday() in facility.closed_weekdays or f"{day:%m-%d}" in self._closed:
            return
        for room in facility.rooms:
            for slot in Slot:
                if slot in room.fees:
                    yield _use(facility, room, day, slot)


def _use(facility: _Facility, room: _Room, day: date, slot: Slot) -> RoomUse:
    return RoomUse(
        facility=facility.name,
        address=facility.address,
        room=room.id,
        room_name=room.name,
        day=day,
        slot=slot,
        hours=facility.hours[slot],
        fee_yen=room.fees[slot],
        seats=room.seats,
    )
