"""Somebody at the facilities body, let in by a pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TypeVar

import httpx
import msgspec
from backend_kit import Visitor

from backend_client.wire import (
    Booking,
    BookingList,
    BookingRequest,
    Cancellation,
    DaySlots,
    FoundSlot,
    OpenDays,
    PassRequest,
    Slot,
)

T = TypeVar("T")
TODAY, TOMORROW, MONDAY, TUESDAY = (date(2026, 11, day) for day in (21, 22, 23, 24))
KEYS = count()


def wish(
    room: str = "chuo-washitsu", day: date = TOMORROW, slot: Slot = Slot.MORNING, *, key: str = "", wait: bool = False
) -> BookingRequest:
    """A wish of its own, unless `key` says that it is one sent before."""
    return BookingRequest(room=room, day=day, slot=slot, key=key or f"key-{next(KEYS)}", wait=wait)


@dataclass
class Guest:
    people: httpx.AsyncClient
    visitor: Visitor
    headers: dict[str, str] = field(default_factory=dict)

    async def enter(self) -> None:
        shown = await self.visitor.post("/passes", PassRequest(service="facilities"))
        entered = await self.people.post("/facilities/sessions", content=shown.content)
        self.headers = {"authorization": f"Bearer {entered.json()['session']}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.people.get(f"/facilities{path}", headers=self.headers)

    async def post(self, path: str, message: object) -> httpx.Response:
        content = msgspec.json.encode(message)
        return await self.people.post(f"/facilities{path}", content=content, headers=self.headers)

    async def days(self, kind: str) -> OpenDays:
        return read(await self.get(f"/days/{kind}"), OpenDays)

    async def slot(self, wanted: BookingRequest, kind: str = "hall") -> FoundSlot:
        found = read(await self.get(f"/slots/{kind}/{wanted.day}"), DaySlots).slots
        return next(each for each in found if (each.use.room, each.use.slot) == (wanted.room, wanted.slot))

    async def ask(self, wanted: BookingRequest) -> httpx.Response:
        return await self.post("/bookings", wanted)

    async def book(self, wanted: BookingRequest) -> Booking:
        return read(await self.ask(wanted), Booking)

    async def cancel(self, number: str) -> httpx.Response:
        return await self.post("/cancellations", Cancellation(number=number))

    async def bookings(self) -> tuple[Booking, ...]:
        return read(await self.get("/bookings"), BookingList).bookings


def read(answer: httpx.Response, kind: type[T]) -> T:
    assert answer.is_success, answer.text
    return msgspec.json.decode(answer.content, type=kind)
