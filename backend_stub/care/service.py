"""The care body put together: consent by card, marks by the box, days for whoever has the family's code."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from secrets import choice, token_urlsafe

from backend_client.wire import CareDays, CareGiven, CareMark, CareReading, CareState, Entered, Pass, care_text
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.care.book import Book
from backend_stub.care.tables import TABLES
from backend_stub.database import answers, open_database
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup

JST = timezone(timedelta(hours=9))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: nothing that can be misread when it is told by telephone."""


class CareDesk:
    """The endpoints. `sign` signs with the body's machine key."""

    def __init__(self, book: Book, gatehouse: Gatehouse, sign: Callable[[bytes], bytes]) -> None:
        self._book = book
        self._gatehouse = gatehouse
        self._sign = sign

    async def agree(self, call: Call, _message: None) -> CareGiven:
        """Let the family of who is signed in see the days from now on; a former code ends."""
        code, box = family_code(), token_urlsafe(32)
        self._book.agree(self._gatehouse.guest(call).handle, code, box, _day(call.now))
        return CareGiven(code=code, box=box)

    async def withdraw(self, call: Call, _message: None) -> None:
        """End it and forget every day."""
        self._book.withdraw(self._gatehouse.guest(call).handle)

    async def state(self, call: Call, _message: None) -> CareState:
        """Tell whether there is a consent."""
        return CareState(since=self._book.since(self._gatehouse.guest(call).handle))

    async def mark(self, call: Call, message: CareMark) -> None:
        """Mark today. Raises Refusal: not_found, for a box whose consent has ended."""
        if not self._book.mark(message.box, _day(call.now)):
            raise Refusal("not_found")

    async def read_days(self, call: Call, message: CareReading) -> CareDays:
        """Tell whoever has the code the days of the last month. Raises Refusal: not_found."""
        found = self._book.days(message.code, _day(call.now))
        if found is None:
            raise Refusal("not_found")
        since, days = found
        signature = b64encode(self._sign(care_text(message.code, since, days))).decode()
        return CareDays(since=since, days=days, signature=signature)


def family_code() -> str:
    """A new one."""
    return "-".join("".join(choice(LETTERS) for _ in range(4)) for _ in range(4))


def _day(now: datetime) -> date:
    return now.astimezone(JST).date()


def build(setup: Setup) -> Body:
    """Open the body on its database."""
    engine = open_database(setup.database_url, TABLES)
    gatehouse = Gatehouse(setup, "care")
    desk = CareDesk(Book(engine), gatehouse, setup.peers.sign)

    async def close() -> None:
        gatehouse.close()
        engine.dispose()

    return Body(
        name="care",
        title="みどり市 見守り — care marks",
        endpoints=(
            Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
            Endpoint("POST", "/leave", gatehouse.leave),
            Endpoint("GET", "/consents", desk.state, None, CareState, session=True),
            Endpoint("POST", "/consents", desk.agree, None, CareGiven, session=True),
            Endpoint("POST", "/withdrawals", desk.withdraw, session=True),
            Endpoint("POST", "/marks", desk.mark, CareMark),
            Endpoint("POST", "/readings", desk.read_days, CareReading, CareDays),
        ),
        registry=setup.registry,
        clock=setup.clock,
        healthy=lambda: answers(engine),
        close=close,
    )
