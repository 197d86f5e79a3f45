"""Rows of the book: how they are found, and what they say on the wire."""

from __future__ import annotations

from datetime import date, timedelta
from secrets import randbelow
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, func, select

from backend_client.wire import Booking, BookingRequest, BookingState, RoomUse
from backend_stub.body import Refusal
from backend_stub.facilities.tables import bookings

BOOKED, WAITING, CANCELLED = (state.value for state in BookingState)
Kept = Row[Any]
"""A row of `bookings`."""
Place = tuple[str, date, str]
"""Room, day and slot."""


def place_of(row: Kept) -> Place:
    return row.room, row.day, row.slot


def columns_of(place: Place) -> dict[str, object]:
    room, day, slot = place
    return {"room": room, "day": day, "slot": slot}


def at(table: Table, place: Place) -> ColumnElement[bool]:
    """The rows of one room, day and slot."""
    room, day, slot = place
    return (table.c.room == room) & (table.c.day == day) & (table.c.slot == slot)


def before_them(handle: str, today: date) -> ColumnElement[bool]:
    """A person's bookings that are still to come, today's among them."""
    return (bookings.c.handle == handle) & (bookings.c.day >= today) & (bookings.c.state != CANCELLED)


def new_number(connection: Connection) -> str:
    """Eight digits that stand on no booking yet; nobody can tell from it how many there are."""
    while True:
        number = f"{randbelow(10_000):04}-{randbelow(10_000):04}"
        if connection.execute(select(bookings.c.number).where(bookings.c.number == number)).first() is None:
            return number


def sent_before(connection: Connection, handle: str, request: BookingRequest) -> Booking | None:
    mine = (bookings.c.handle == handle) & (bookings.c.key == request.key)
    row = connection.execute(select(bookings).where(mine)).first()
    if row is None:
        return None
    if place_of(row) != (request.room, request.day, request.slot.value):
        raise Refusal("content_wrong")
    return booking_of(connection, row)


def find(connection: Connection, handle: str, number: str) -> Kept:
    row = connection.execute(select(bookings).where(bookings.c.handle == handle, bookings.c.number == number)).first()
    if row is None:
        raise Refusal("not_found")
    return row


def booking_of(connection: Connection, row: Kept) -> Booking:
    before = (bookings.c.state == WAITING) & (bookings.c.turn < row.turn) & at(bookings, place_of(row))
    count = select(func.count()).select_from(bookings).where(before)
    return Booking(
        number=row.number,
        use=msgspec.convert(row.use, RoomUse),
        state=BookingState(row.state),
        cancel_until=row.day - timedelta(days=1),
        ahead=int(connection.execute(count).scalar_one()) if row.state == WAITING else 0,
        moved_up=row.moved_up,
    )
