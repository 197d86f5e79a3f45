"""The book of bookings. Changes go one after another: limit, waiting list and slot are looked at by one at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from backend_client.wire import Booking, BookingRequest, BookingState, RoomUse
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.facilities.rows import (
    BOOKED,
    CANCELLED,
    WAITING,
    Place,
    at,
    before_them,
    booking_of,
    columns_of,
    find,
    new_number,
    place_of,
    sent_before,
)
from backend_stub.facilities.tables import bookings, taken, turns


@dataclass(frozen=True, slots=True)
class Busy:
    """How the slots of one or more days stand, for one person."""

    taken: frozenset[Place]
    waiting: Counter[Place]
    mine: dict[Place, BookingState]


class Book:
    """The facilities body's database. `most` is how many bookings a person may have before them."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        with engine.begin() as connection:
            if connection.execute(select(turns.c.id)).first() is None:
                connection.execute(insert(turns).values(id=1, turn=0))

    # --- looking ------------------------------------------------------------------------------------------------------

    def busy(self, handle: str, first: date, last: date) -> Busy:
        """What is taken, waited for, and this person's, between two days."""
        live = select(bookings).where(bookings.c.day.between(first, last), bookings.c.state != CANCELLED)
        with self._engine.connect() as connection:
            rows = connection.execute(live).all()
        return Busy(
            taken=frozenset(place_of(row) for row in rows if row.state == BOOKED),
            waiting=Counter(place_of(row) for row in rows if row.state == WAITING),
            mine={place_of(row): BookingState(row.state) for row in rows if row.handle == handle},
        )

    def of(self, handle: str, today: date) -> tuple[Booking, ...]:
        """A person's bookings of today and later, without the cancelled ones, by day."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(bookings).where(before_them(handle, today)).order_by(bookings.c.day, bookings.c.turn)
            )
            return tuple(booking_of(connection, row) for row in rows.all())

    def sent_before(self, handle: str, request: BookingRequest) -> Booking | None:
        """What this wish was answered with already. Raises Refusal: content_wrong, for a key used for another wish."""
        with self._engine.connect() as connection:
            return sent_before(connection, handle, request)

    # --- changing -----------------------------------------------------------------------------------------------------

    @retried
    def book(self, handle: str, request: BookingRequest, use: RoomUse, now: datetime, today: date) -> Booking:
        """Book a slot, or wait for it. `use` is what `request` is for.

        Raises Refusal: slot_taken, booking_limit, not_possible (the person has it), content_wrong as `sent_before`.
        """
        with self._engine.begin() as connection:
            turn, place = _take_turn(connection), (use.room, use.day, use.slot.value)
            if before := sent_before(connection, handle, request):
                return before
            self._check(connection, handle, place, today)
            is_taken = connection.execute(select(taken.c.number).where(at(taken, place))).first() is not None
            if is_taken and not request.wait:
                raise Refusal("slot_taken")
            number = new_number(connection)
            state = WAITING if is_taken else BOOKED
            values = {"handle": handle, "key": request.key, "state": state, "turn": turn, "made_at": now}
            values |= {"number": number, "use": msgspec.to_builtins(use), "moved_up": False}
            connection.execute(insert(bookings).values(columns_of(place) | values))
            if not is_taken:
                connection.execute(insert(taken).values(columns_of(place) | {"number": number}))
            return booking_of(connection, find(connection, handle, number))

    @retried
    def cancel(self, handle: str, number: str, now: datetime, today: date) -> Booking:
        """Cancel; who waits first gets the slot. Raises Refusal: not_found, cancel_late."""
        with self._engine.begin() as connection:
            _take_turn(connection)
            row = find(connection, handle, number)
            if row.state != CANCELLED:
                if row.state == BOOKED and row.day <= today:
                    raise Refusal("cancel_late")
                _set(connection, number, state=CANCELLED, cancelled_at=now)
                if row.state == BOOKED:
                    _pass_on(connection, place_of(row))
            return booking_of(connection, find(connection, handle, number))

    def _check(self, connection: Connection, handle: str, place: Place, today: date) -> None:
        rows = connection.execute(select(bookings).where(before_them(handle, today))).all()
        if any(place_of(row) == place for row in rows):
            raise Refusal("not_possible")
        if len(rows) >= self._most:
            raise Refusal("booking_limit")


def _take_turn(connection: Connection) -> int:
    """First of all that a change does, so that it sees what all before it have done."""
    connection.execute(update(turns).values(turn=turns.c.turn + 1))
    return int(connection.execute(select(turns.c.turn)).scalar_one())


def _pass_on(connection: Connection, place: Place) -> None:
    """Free a slot, and give it to who has waited longest."""
    connection.execute(taken.delete().where(at(taken, place)))
    waiting = select(bookings.c.number).where(at(bookings, place), bookings.c.state == WAITING)
    first = connection.execute(waiting.order_by(bookings.c.turn).limit(1)).scalar()
    if first is not None:
        _set(connection, first, state=BOOKED, moved_up=True)
        connection.execute(insert(taken).values(columns_of(place) | {"number": first}))


def _set(connection: Connection, number: str, **values: object) -> None:
    connection.execute(update(bookings).where(bookings.c.number == number).values(values))
