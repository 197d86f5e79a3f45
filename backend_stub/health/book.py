"""The health body's database: one book for each handle."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, func, insert, select

from backend_client.wire import BloodPressure, CheckUp, CheckUpItem, DaySteps
from backend_stub.database import retried
from backend_stub.health.tables import books, check_ups, pressures, steps

SAME = timedelta(minutes=1)
"""Two equal readings nearer to each other than this are one that was sent twice."""


class Books:
    """All books. Every method takes the handle of the person."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def open(self, handle: str, now: datetime) -> None:
        """Open an empty book; one that is there stays as it is."""
        with self._engine.begin() as connection:
            if not _is_open(connection, handle):
                connection.execute(insert(books).values(handle=handle, opened_at=now, counted=False))

    @retried
    def bring(self, handle: str, now: datetime, readings: tuple[BloodPressure, ...], past: tuple[CheckUp, ...]) -> None:
        """Open a book, once, with what was brought along, for somebody who carries a pedometer."""
        with self._engine.begin() as connection:
            if _is_open(connection, handle):
                return
            connection.execute(insert(books).values(handle=handle, opened_at=now, counted=True))
            for reading in readings:
                connection.execute(insert(pressures).values(handle=handle, **msgspec.structs.asdict(reading)))
            for one in past:
                items = msgspec.to_builtins(one.items)
                connection.execute(insert(check_ups).values(handle=handle, day=one.day, place=one.place, items=items))

    def counted_since(self, handle: str) -> datetime | None:
        """When the book was opened, of who carries a pedometer; None for anybody else."""
        with self._engine.connect() as connection:
            counted = select(books.c.opened_at).where(books.c.handle == handle, books.c.counted)
            opened: datetime | None = connection.scalar(counted)
        return opened

    # --- steps --------------------------------------------------------------------------------------------------------

    def last_counted(self, handle: str) -> date | None:
        """The newest day with steps."""
        with self._engine.connect() as connection:
            day: date | None = connection.scalar(select(func.max(steps.c.day)).where(steps.c.handle == handle))
        return day

    @retried
    def count(self, handle: str, days: tuple[DaySteps, ...]) -> None:
        """Keep what a pedometer has counted; a day that is kept already is not counted anew."""
        with self._engine.begin() as connection:
            kept = set(connection.scalars(select(steps.c.day).where(steps.c.handle == handle)))
            for one in days:
                if one.day not in kept:
                    connection.execute(insert(steps).values(handle=handle, day=one.day, steps=one.steps))

    def steps(self, handle: str, since: date) -> tuple[DaySteps, ...]:
        """Oldest first."""
        mine = steps.select().where(steps.c.handle == handle, steps.c.day >= since).order_by(steps.c.day)
        with self._engine.connect() as connection:
            return tuple(DaySteps(day=row.day, steps=row.steps) for row in connection.execute(mine))

    # --- blood pressure -----------------------------------------------------------------------------------------------

    def pressures(self, handle: str, most: int) -> tuple[BloodPressure, ...]:
        """The newest, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_newest(handle).limit(most)).all()
        return tuple(BloodPressure(at=row.at, upper=row.upper, lower=row.lower) for row in reversed(rows))

    @retried
    def add(self, handle: str, reading: BloodPressure) -> None:
        """Keep a reading; the one before it again, within SAME, is that one."""
        with self._engine.begin() as connection:
            last = connection.execute(_newest(handle).limit(1)).first()
            if last is not None and reading.at - last.at < SAME and (last.upper, last.lower) == _figures(reading):
                return
            at = reading.at if last is None else max(reading.at, last.at + timedelta(microseconds=1))
            values = {"at": at, "upper": reading.upper, "lower": reading.lower}
            connection.execute(insert(pressures).values(handle=handle, **values))

    # --- check-ups ----------------------------------------------------------------------------------------------------

    def check_ups(self, handle: str) -> tuple[CheckUp, ...]:
        """Newest first."""
        mine = check_ups.select().where(check_ups.c.handle == handle).order_by(check_ups.c.day.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(mine).all()
        return tuple(
            CheckUp(day=row.day, place=row.place, items=msgspec.convert(row.items, tuple[CheckUpItem, ...]))
            for row in rows
        )


def _is_open(connection: Connection, handle: str) -> bool:
    return connection.execute(select(books.c.handle).where(books.c.handle == handle)).first() is not None


def _newest(handle: str) -> Select[Any]:
    return pressures.select().where(pressures.c.handle == handle).order_by(pressures.c.at.desc())


def _figures(reading: BloodPressure) -> tuple[int, int]:
    return reading.upper, reading.lower
