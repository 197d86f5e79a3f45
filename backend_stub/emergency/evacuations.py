"""避難しました: who has left home, where to and how many. Known here by handle; names are the authority's to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Row, delete, func, select

from backend_client.wire import Evacuation, ShelterCount
from backend_stub.database import retried
from backend_stub.emergency.tables import evacuations
from backend_stub.passes import Guest

KEPT = timedelta(days=30)
"""After it a report is forgotten: by then everybody has been found, or is sought by other means."""


class Evacuations:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def keep(self, guest: Guest, evacuation: Evacuation) -> None:
        """In the place of what the person reported before."""
        row = {"handle": guest.handle, "serial": guest.serial, "at": evacuation.at}
        row |= {"shelter": evacuation.shelter, "people": evacuation.people}
        with self._engine.begin() as connection:
            connection.execute(delete(evacuations).where(evacuations.c.at < evacuation.at - KEPT))
            connection.execute(delete(evacuations).where(evacuations.c.handle == guest.handle))
            connection.execute(evacuations.insert().values(row))

    @retried
    def undo(self, handle: str) -> None:
        """まちがえました; quiet where there is nothing."""
        with self._engine.begin() as connection:
            connection.execute(delete(evacuations).where(evacuations.c.handle == handle))

    def of(self, handle: str, now: datetime) -> Evacuation | None:
        mine = (evacuations.c.handle == handle) & _kept(now)
        with self._engine.connect() as connection:
            row = connection.execute(evacuations.select().where(mine)).one_or_none()
        return None if row is None else _evacuation(row)

    def of_serials(self, serials: tuple[str, ...], now: datetime) -> Evacuation | None:
        """What somebody has reported, found by any of the person's certificates."""
        mine = evacuations.c.serial.in_(serials) & _kept(now)
        with self._engine.connect() as connection:
            row = connection.execute(evacuations.select().where(mine).order_by(evacuations.c.at.desc())).first()
        return None if row is None else _evacuation(row)

    def counts(self, now: datetime) -> tuple[ShelterCount, ...]:
        people, reports = func.sum(evacuations.c.people), func.count()
        question = select(evacuations.c.shelter, people, reports).where(_kept(now)).group_by(evacuations.c.shelter)
        with self._engine.connect() as connection:
            rows = connection.execute(question.order_by(evacuations.c.shelter)).all()
        return tuple(ShelterCount(shelter=name, people=int(people), reports=reports) for name, people, reports in rows)

    def everybody(self, now: datetime) -> tuple[tuple[str, Evacuation], ...]:
        """Certificate serials with what was reported, by shelter."""
        question = evacuations.select().where(_kept(now)).order_by(evacuations.c.shelter, evacuations.c.at)
        with self._engine.connect() as connection:
            return tuple((str(row.serial), _evacuation(row)) for row in connection.execute(question))


def _kept(now: datetime) -> ColumnElement[bool]:
    return evacuations.c.at >= now - KEPT


def _evacuation(row: Row[tuple[object, ...]]) -> Evacuation:
    return Evacuation(shelter=row.shelter, people=row.people, at=row.at)
