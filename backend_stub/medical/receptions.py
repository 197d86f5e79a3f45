"""Receptions, and the consent given with them: durable before anybody hears of them, many in one commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import chain

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from backend_client.wire import HealthConsent
from backend_stub.bulk import insert_rows
from backend_stub.database import moment_text, retried, writing
from backend_stub.group_commit import GroupCommit
from backend_stub.hot import for_driver
from backend_stub.medical.tables import CONSENTS, RECEPTIONS
from backend_stub.medical.ways import Way

NOTHING = HealthConsent()
Row = tuple[object, ...]
"""In the order of the table's columns."""


class Reception(msgspec.Struct, frozen=True, gc=False):
    """One person at one facility; the record of it that the person reads in My Portal. One is made for each check."""

    facility: str
    symbol: str
    day: date
    at: datetime
    consent: HealthConsent = NOTHING
    consent_ends_at: datetime | None = None
    """None: nobody was asked, and what was said before stands. A plain no is kept where it withdraws something."""
    way: Way = Way.CARD
    reference: str = ""
    """The facility's name of a later confirmation, of which there is one only; the commission's order."""


class Receptions:
    """Counts receptions; numbers begin at 1 each day at each facility. Used by one loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._numbers = _Numbers()
        self._commits = GroupCommit(self._commit)

    async def receive(self, one: Reception) -> int:
        """Give the reception its number, once it is durable. Raises sqlalchemy.exc.DBAPIError when it is not kept."""
        return await self._commits.write(one)

    async def close(self) -> None:
        """Wait until what was handed in is written."""
        await self._commits.close()

    @retried
    def _commit(self, group: Sequence[Reception]) -> list[int]:
        try:
            with writing(self._engine) as connection:
                group = _by_symbols_in_use(connection, group)
                numbers, rows = self._numbered(connection, group)
                insert_rows(connection, RECEPTIONS, rows)
                _keep_consents(connection, group)
        except DBAPIError:
            self._numbers.forget()  # whether they were given is for the database to say
            raise
        return numbers

    def _numbered(self, connection: Connection, group: Sequence[Reception]) -> tuple[list[int], list[Row]]:
        """The number of each, and the rows of those that are new."""
        numbers, rows = [], []
        later: dict[tuple[str, str, str], int] = {}
        self._numbers.read(connection, {one.day for one in group})
        for one in group:
            name = (one.facility, one.symbol, one.reference)
            number = later.get(name) or _confirmed(connection, *name) if one.way is Way.LATER else None
            if number is None:
                number = self._numbers.give(one)
                rows.append(_row(one, number))
            if one.way is Way.LATER:
                later[name] = number
            numbers.append(number)
        return numbers, rows


class _Numbers:
    """The last numbers of the day, in memory: one process receives for a body, and one thread at a time."""

    def __init__(self) -> None:
        self._last: dict[date, defaultdict[str, int]] = {}
        """By facility."""

    def read(self, connection: Connection, days: set[date]) -> None:
        """Find out about the days whose numbers are about to be given, where that is not known; forget the others."""
        self._last = {day: self._last.get(day) or _last_of(connection, day) for day in days}

    def give(self, one: Reception) -> int:
        last = self._last[one.day]
        last[one.facility] += 1
        return last[one.facility]

    def forget(self) -> None:
        self._last = {}


def _last_of(connection: Connection, day: date) -> defaultdict[str, int]:
    highest = select(RECEPTIONS.c.facility, func.max(RECEPTIONS.c.number)).where(RECEPTIONS.c.day == day)
    rows = connection.execute(highest.group_by(RECEPTIONS.c.facility))
    return defaultdict(int, {row[0]: row[1] for row in rows})


def _by_symbols_in_use(connection: Connection, group: Sequence[Reception]) -> Sequence[Reception]:
    """The same people; those whose symbol was exchanged while they were on their way, by the newer one."""
    symbols = tuple({one.symbol for one in group})
    statement = for_driver(connection.engine, _beside(len(symbols)))
    newer = {row.other: row.symbol for row in connection.exec_driver_sql(statement, symbols)}
    if not newer:
        return group
    return [msgspec.structs.replace(one, symbol=newer.get(one.symbol, one.symbol)) for one in group]


@cache
def _beside(symbols: int) -> str:
    return f"SELECT other, symbol FROM symbols_beside WHERE other IN ({', '.join('?' * symbols)})"  # noqa: S608 - marks


def _confirmed(connection: Connection, facility: str, symbol: str, reference: str) -> int | None:
    """The number that a later confirmation has been given already."""
    table = RECEPTIONS.c
    this = table.facility == facility, table.symbol == symbol, table.reference == reference
    number = connection.execute(select(table.number).where(*this, table.way == Way.LATER.value)).scalar()
    return None if number is None else int(number)


def _row(one: Reception, number: int) -> Row:
    return (one.day.isoformat(), number, one.facility, moment_text(one.at), one.symbol, one.way.value, one.reference)


def _keep_consents(connection: Connection, group: Sequence[Reception]) -> None:
    said = [one for one in group if one.consent_ends_at is not None]
    standing = {(one.facility, one.symbol) for one in said if one.consent != NOTHING}
    noes = [one for one in said if one.consent == NOTHING]
    if noes:
        standing |= _consented(connection, noes)
    for one in said:
        if (one.facility, one.symbol) in standing:
            kept = (CONSENTS.c.facility == one.facility, CONSENTS.c.symbol == one.symbol, CONSENTS.c.given_at == one.at)
            connection.execute(delete(CONSENTS).where(*kept))
            connection.execute(insert(CONSENTS).values(_consent_row(one)))


def _consented(connection: Connection, group: Sequence[Reception]) -> set[tuple[str, str]]:
    """Of these people at these facilities, those of whom a consent is in force that gives anything."""
    places = {(one.facility, one.symbol) for one in group}
    statement = for_driver(connection.engine, _in_force(len(places)))
    values = (*chain.from_iterable(places), moment_text(min(one.at for one in group)))
    return {(row[0], row[1]) for row in connection.exec_driver_sql(statement, values)}


@cache
def _in_force(places: int) -> str:
    return (
        f"SELECT facility, symbol FROM consents c WHERE (facility, symbol) IN (VALUES {', '.join(['(?, ?)'] * places)})"  # noqa: S608 - marks
        " AND ends_at > ? AND (medicines OR treatment OR checkup) AND NOT EXISTS (SELECT 1 FROM consents newer"
        " WHERE newer.facility = c.facility AND newer.symbol = c.symbol AND newer.given_at > c.given_at)"
    )


def _consent_row(one: Reception) -> dict[str, object]:
    said = one.consent
    return {
        "facility": one.facility,
        "symbol": one.symbol,
        "given_at": one.at,
        "ends_at": one.consent_ends_at,
        "medicines": said.medicines,
        "treatment": said.treatment,
        "checkup": said.checkup,
    }
