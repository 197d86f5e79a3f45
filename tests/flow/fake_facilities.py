"""The facilities body in plain Python: a week of one hall's rooms, in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import msgspec

from backend_client import wire
from backend_client.errors import Refused

TODAY = date(2026, 11, 21)
FIRST, LAST = TODAY + timedelta(days=1), TODAY + timedelta(days=60)
CLOSED = date(2026, 11, 23)
ROOMS = {"washitsu": ("和室", 300), "kaigi": ("会議室", 0)}
HOURS = {wire.Slot.MORNING: "9:00〜12:00", wire.Slot.AFTERNOON: "13:00〜17:00"}
FREE, TAKEN, BOOKED, WAITING = wire.SlotState
NUMBERS = tuple(f"4821-093{last}" for last in range(1, 10))
"""Of bookings made here, in turn."""


def use_of(room: str = "washitsu", day: date = FIRST, slot: wire.Slot = wire.Slot.MORNING) -> wire.RoomUse:
    name, fee = ROOMS[room]
    return wire.RoomUse(
        facility="みどり中央公民館",
        address="みほん県みどり市 中央1丁目",
        room=room,
        room_name=name,
        day=day,
        slot=slot,
        hours=HOURS[slot],
        fee_yen=fee,
        seats=20,
    )


def booking_of(use: wire.RoomUse, number: str = NUMBERS[-1], **changes: Any) -> wire.Booking:
    booked = wire.Booking(
        number=number, use=use, state=wire.BookingState.BOOKED, cancel_until=use.day - timedelta(days=1)
    )
    return msgspec.structs.replace(booked, **changes)


class FakeFacilities:
    """`taken` are others' slots; `kept` are the person's bookings. `asked` takes its time, and fails when told to."""

    def __init__(self, asked: Callable[[str, object], Awaitable[None]]) -> None:
        self._asked = asked
        self.taken: set[wire.RoomUse] = {use_of("kaigi")}
        self.kept: list[wire.Booking] = []
        self.sent: list[object] = []
        """Everything posted, whether or not it arrived."""
        self.requests: list[wire.BookingRequest] = []

    async def get(self, path: str, _kind: object) -> Any:
        await self._asked(f"facilities {path.split('/')[1]}", path)
        match path.split("/")[1:]:
            case ["days", _]:
                days = (FIRST, FIRST + timedelta(days=2))
                return wire.OpenDays(first=FIRST, last=LAST, days=tuple(wire.OpenDay(day=d, free=3) for d in days))
            case ["slots", _, day]:
                return wire.DaySlots(slots=tuple(self._slots(date.fromisoformat(day))))
        return wire.BookingList(bookings=tuple(self.kept))

    async def post(self, path: str, message: Any, _kind: object) -> Any:
        self.sent.append(message)
        await self._asked(f"facilities {path[1:]}", message)
        return self._book(message) if path == "/bookings" else self._cancel(message.number)

    def _slots(self, day: date) -> list[wire.FoundSlot]:
        if day == CLOSED:
            raise Refused("day_closed", "facilities", "trace-8")
        return [self._found(use_of(room, day, slot)) for room in ROOMS for slot in HOURS]

    def _found(self, use: wire.RoomUse) -> wire.FoundSlot:
        mine = {one.use: one.state for one in self.kept}
        if use in mine:
            state = BOOKED if mine[use] is wire.BookingState.BOOKED else WAITING
        else:
            state = TAKEN if use in self.taken else FREE
        return wire.FoundSlot(use=use, state=state, waiting=2 if use in self.taken else 0)

    def _book(self, request: wire.BookingRequest) -> wire.Booking:
        self.requests.append(request)
        use = use_of(request.room, request.day, request.slot)
        if use in self.taken and not request.wait:
            raise Refused("slot_taken", "facilities", "trace-8")
        if len(self.kept) == 3:
            raise Refused("booking_limit", "facilities", "trace-8")
        state = wire.BookingState.WAITING if use in self.taken else wire.BookingState.BOOKED
        ahead = 2 if use in self.taken else 0
        booked = booking_of(use, NUMBERS[len(self.requests) - 1], state=state, ahead=ahead)
        self.kept.append(booked)
        return booked

    def _cancel(self, number: str) -> wire.Booking:
        (gone,) = (one for one in self.kept if one.number == number)
        self.kept.remove(gone)
        return msgspec.structs.replace(gone, state=wire.BookingState.CANCELLED)
