"""Several at once, on both databases: one has the slot, nobody has too many, and nobody waits for what is free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from facilities_kit import TODAY, TOMORROW, wish
from postgres import Cluster
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from backend_client.wire import Booking, BookingRequest, BookingState, Slot
from backend_stub.body import Refusal
from backend_stub.database import open_database
from backend_stub.facilities.book import Book
from backend_stub.facilities.rooms import Rooms
from backend_stub.facilities.tables import TABLES, bookings, taken

T = TypeVar("T")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
MANY = 8
DATABASES = count()
BOOKED, WAITING, CANCELLED = BookingState


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'facilities.db'}"
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = f"races-{next(DATABASES)}"
        cluster.create(name)
        url = cluster.url(name)
    engine = open_database(url, TABLES)
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: Engine) -> Book:
    return Book(engine, most=3)


def booked(book: Book, handle: str, wanted: BookingRequest) -> Booking:
    use = Rooms().use(wanted.room, wanted.day, wanted.slot)
    assert use is not None
    return book.book(handle, wanted, use, NOW, TODAY)


def at_once(*deeds: Callable[[], T]) -> list[T | str]:
    """Let all begin at the same moment; gives what came of each, a refusal by its code."""
    gate = Barrier(len(deeds))

    def doing(deed: Callable[[], T]) -> T | str:
        gate.wait(10)
        try:
            return deed()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(doing, deeds))


def has(engine: Engine, state: BookingState) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(bookings.c.handle).where(bookings.c.state == state.value)).scalars())


def test_one_of_many_gets_the_slot(book: Book, engine: Engine) -> None:
    came = at_once(*(lambda n=n: booked(book, f"h{n}", wish()) for n in range(MANY)))
    assert came.count("slot_taken") == MANY - 1
    assert len(has(engine, BOOKED)) == 1


def test_all_others_wait_in_the_order_they_came(book: Book, engine: Engine) -> None:
    came = at_once(*(lambda n=n: booked(book, f"h{n}", wish(wait=True)) for n in range(MANY)))
    waiting = [one for one in came if isinstance(one, Booking) and one.state is WAITING]
    assert sorted(one.ahead for one in waiting) == list(range(MANY - 1))
    assert len(has(engine, BOOKED)) == 1


def test_one_wish_sent_by_many_lines_books_once(book: Book, engine: Engine) -> None:
    wanted = wish()
    came = at_once(*[lambda: booked(book, "h", wanted)] * MANY)
    assert len({one.number for one in came if isinstance(one, Booking)}) == 1
    assert "slot_taken" not in came
    assert has(engine, BOOKED) == ["h"]


def test_nobody_gets_more_than_three_at_once(book: Book, engine: Engine) -> None:
    wishes = [wish(room, slot=slot) for room in ("chuo-washitsu", "chuo-chori") for slot in Slot]
    came = at_once(*(lambda wanted=wanted: booked(book, "h", wanted) for wanted in wishes))
    assert came.count("booking_limit") == len(wishes) - 3
    assert has(engine, BOOKED) == ["h"] * 3


@pytest.mark.parametrize("turn", range(5))
def test_nobody_waits_for_what_was_just_cancelled(book: Book, engine: Engine, turn: int) -> None:
    held = booked(book, "holder", wish())
    at_once(
        lambda: book.cancel("holder", held.number, NOW, TODAY),
        *(lambda n=n: booked(book, f"h{n}", wish(wait=True)) for n in range(3)),
    )
    assert len(has(engine, BOOKED)) == 1
    assert len(has(engine, WAITING)) == 2


def test_cancelled_by_two_at_once_it_goes_to_one(book: Book, engine: Engine) -> None:
    held = booked(book, "holder", wish())
    for handle in ("h0", "h1"):
        booked(book, handle, wish(wait=True))
    at_once(*[lambda: book.cancel("holder", held.number, NOW, TODAY)] * 4)
    assert has(engine, BOOKED) == ["h0"]
    assert has(engine, WAITING) == ["h1"]


def test_the_tables_themselves_hold_one_booking_of_a_slot(book: Book, engine: Engine) -> None:
    held = booked(book, "holder", wish())
    row = {"room": "chuo-washitsu", "day": TOMORROW, "slot": "morning", "number": held.number}
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(taken).values(row))
