"""Receptions, and the consent given with them: durable before anybody hears of them, many in one commit.

What came while the last commit was under way goes into the next one together: a commit costs as much as many rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Engine, delete, insert

from backend_client.wire import HealthConsent
from backend_stub.bulk import MOST_ROWS, insert_rows
from backend_stub.database import moment_text, retried, writing
from backend_stub.hot import HotLookUp, for_driver
from backend_stub.medical.tables import CONSENTS, RECEPTIONS
from backend_stub.medical.ways import Way

_CONSENTED = (
    "SELECT ends_at, medicines OR treatment OR checkup FROM consents WHERE facility = ? AND symbol = ?"
    " ORDER BY given_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Reception:
    """One person at one facility, who brought the card; the record of it that the person reads in My Portal."""

    facility: str
    symbol: str
    day: date
    at: datetime
    consent: HealthConsent
    consent_ends_at: datetime | None
    """None: nothing is to be kept."""


class Receptions:
    """Counts receptions; numbers begin at 1 each day at each facility. Used by one loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._consented = HotLookUp(engine, _CONSENTED)
        self._waiting: list[tuple[Reception, asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def receive(self, one: Reception) -> int:
        """Give the reception its number, once it is durable. Raises sqlalchemy.exc.DBAPIError when it is not kept."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await done

    async def close(self) -> None:
        """Wait until what was handed in is written."""
        if self._writing is not None:
            await self._writing
        self._consented.close()

    def consented(self, facility: str, symbol: str, now: datetime) -> bool:
        """Whether anything was consented to that is in force. Raises sqlalchemy.exc.DBAPIError."""
        row = self._consented.row(facility, symbol)
        return row is not None and bool(row[1]) and now < datetime.fromisoformat(row[0])

    async def _write(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_ROWS], self._waiting[MOST_ROWS:]
            try:
                numbers: Sequence[int] = await asyncio.to_thread(self._commit, [one for one, _ in group])
            except Exception as exc:  # noqa: BLE001 - whatever it is, those who wait must hear of it
                _settle(group, exc)
            else:
                _settle(group, numbers)
        self._writing = None

    @retried
    def _commit(self, group: Sequence[Reception]) -> list[int]:
        with writing(self._engine) as connection:
            group = _by_symbols_in_use(connection, group)
            numbers = _numbers(connection, group)
            insert_rows(connection, RECEPTIONS, [_row(*both) for both in zip(group, numbers, strict=True)])
            _keep_consents(connection, group)
        return numbers


def _settle(group: Sequence[tuple[Reception, asyncio.Future[int]]], outcome: Sequence[int] | Exception) -> None:
    for place, (_, done) in enumerate(group):
        if done.done():  # its request was given up meanwhile; what was written stays written
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome[place])


def _by_symbols_in_use(connection: Connection, group: Sequence[Reception]) -> Sequence[Reception]:
    """The same people; those whose symbol was exchanged while they were on their way, by the newer one."""
    symbols = tuple({one.symbol for one in group})
    statement = for_driver(connection.engine, _beside(len(symbols)))
    newer = {row.other: row.symbol for row in connection.exec_driver_sql(statement, symbols)}
    return [replace(one, symbol=newer[one.symbol]) if one.symbol in newer else one for one in group]


@cache
def _beside(symbols: int) -> str:
    return f"SELECT other, symbol FROM symbols_beside WHERE other IN ({', '.join('?' * symbols)})"  # noqa: S608 - marks


def _numbers(connection: Connection, group: Sequence[Reception]) -> list[int]:
    places = list(dict.fromkeys((one.facility, one.day) for one in group))
    values = tuple(value for facility, day in places for value in (facility, day.isoformat()))
    statement = for_driver(connection.engine, _so_far(len(places)))
    rows = connection.exec_driver_sql(statement, values).fetchall()
    last = dict(zip(places, (int(row[1] or 0) for row in sorted(rows)), strict=True))
    numbers = []
    for one in group:
        last[one.facility, one.day] += 1
        numbers.append(last[one.facility, one.day])
    return numbers


@cache
def _so_far(places: int) -> str:
    # Not grouped: of one place the last number is found at once, without going through the day.
    one = "SELECT %d, max(number) FROM receptions WHERE facility = ? AND day = ?"
    return " UNION ALL ".join(one.replace("%d", str(place)) for place in range(places))


def _row(one: Reception, number: int) -> tuple[object, ...]:
    """In the order of the table's columns."""
    return (one.facility, one.day.isoformat(), number, moment_text(one.at), one.symbol, Way.CARD.value, "")


def _keep_consents(connection: Connection, group: Sequence[Reception]) -> None:
    for one in group:
        if one.consent_ends_at is not None:
            kept = (CONSENTS.c.facility == one.facility, CONSENTS.c.symbol == one.symbol, CONSENTS.c.given_at == one.at)
            connection.execute(delete(CONSENTS).where(*kept))
            connection.execute(insert(CONSENTS).values(_consent_row(one)))


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
