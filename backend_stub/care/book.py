"""Consents and days. Code and token are kept as hashes: 80 and 256 random bits need no salt."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import Engine, delete, select

from backend_stub.care.tables import consents, marks
from backend_stub.database import retried

KEPT = timedelta(days=31)
"""After it a day is forgotten."""


class Book:
    """The care body's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def agree(self, handle: str, code: str, box: str, today: date) -> None:
        """Begin anew: what there was before ends, with its days."""
        row = {"handle": handle, "code_hash": _hash(code), "box_hash": _hash(box), "since": today}
        with self._engine.begin() as connection:
            connection.execute(delete(marks).where(marks.c.handle == handle))
            connection.execute(delete(consents).where(consents.c.handle == handle))
            connection.execute(consents.insert().values(row))

    @retried
    def withdraw(self, handle: str) -> None:
        """Forget it all; quiet where there is nothing."""
        with self._engine.begin() as connection:
            connection.execute(delete(marks).where(marks.c.handle == handle))
            connection.execute(delete(consents).where(consents.c.handle == handle))

    def since(self, handle: str) -> date | None:
        with self._engine.connect() as connection:
            return connection.scalar(select(consents.c.since).where(consents.c.handle == handle))

    @retried
    def mark(self, box: str, today: date) -> bool:
        """Mark the day, once; False for a box that nobody has consented for."""
        with self._engine.begin() as connection:
            handle = connection.scalar(select(consents.c.handle).where(consents.c.box_hash == _hash(box)))
            if handle is None:
                return False
            connection.execute(delete(marks).where(marks.c.handle == handle, marks.c.day <= today - KEPT))
            this = (marks.c.handle == handle) & (marks.c.day == today)
            if connection.execute(marks.select().where(this)).first() is None:
                connection.execute(marks.insert().values(handle=handle, day=today))
        return True

    def days(self, code: str, today: date) -> tuple[date, tuple[date, ...]] | None:
        """Since when, and the days with a mark, newest first; None for a code there is not."""
        with self._engine.connect() as connection:
            found = connection.execute(consents.select().where(consents.c.code_hash == _hash(code))).one_or_none()
            if found is None:
                return None
            mine = (marks.c.handle == found.handle) & (marks.c.day > today - KEPT)
            rows = connection.execute(select(marks.c.day).where(mine).order_by(marks.c.day.desc()))
            return found.since, tuple(rows.scalars())


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
