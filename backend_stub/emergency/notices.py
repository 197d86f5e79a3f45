"""The notices: issued, replaced, ended; and what is in force at a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from sqlalchemy import Engine, Row, select, update

from backend_client.wire import EmergencyState, EvacuationNotice, EvacuationOrder, Level, Shelter
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.emergency.tables import notices

LONGEST = timedelta(days=14)
"""A notice that nobody ends must not stand for ever."""


class Notices:
    """What is in force is kept at hand: every box of the town asks at the same time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._standing = self._read()

    def state(self, now: datetime) -> EmergencyState:
        """What is in force, the gravest first, then the newest."""
        in_force = [notice for notice in self._standing if notice.valid_until > now]
        in_force.sort(key=lambda notice: (notice.level.value, notice.issued_at), reverse=True)
        return EmergencyState(now=now, notices=tuple(in_force))

    def issue(self, order: EvacuationOrder, sender: str, now: datetime) -> EvacuationNotice:
        """Put a notice in force, in the place of the one for the same area. Raises Refusal: content_wrong."""
        if not now < order.valid_until <= now + LONGEST:
            raise Refusal("content_wrong")
        if len({shelter.id for shelter in order.shelters}) < len(order.shelters):
            raise Refusal("content_wrong")
        notice = EvacuationNotice(
            id=uuid4().hex,
            sender=sender,
            level=order.level,
            area=order.area,
            lines=order.lines,
            shelters=order.shelters,
            issued_at=now,
            valid_until=order.valid_until,
        )
        self._write(notice, now)
        self._standing = self._read()
        return notice

    def end(self, notice_id: str, now: datetime) -> None:
        """解除. Quiet for one that has ended already. Raises Refusal: not_found."""
        if not self._close(notice_id, now):
            raise Refusal("not_found")
        self._standing = self._read()

    def find(self, notice_id: str, now: datetime) -> EvacuationNotice:
        """One that is in force. Raises Refusal: not_possible."""
        for notice in self.state(now).notices:
            if notice.id == notice_id:
                return notice
        raise Refusal("not_possible")

    @retried
    def _write(self, notice: EvacuationNotice, now: datetime) -> None:
        before = (notices.c.area == notice.area) & (notices.c.sender == notice.sender) & notices.c.ended_at.is_(None)
        row = {**msgspec.structs.asdict(notice), "level": notice.level.value, "lines": list(notice.lines)}
        with self._engine.begin() as connection:
            connection.execute(update(notices).where(before).values(ended_at=now))
            connection.execute(notices.insert().values({**row, "shelters": msgspec.to_builtins(notice.shelters)}))

    @retried
    def _close(self, notice_id: str, now: datetime) -> bool:
        known = select(notices.c.id).where(notices.c.id == notice_id)
        standing = (notices.c.id == notice_id) & notices.c.ended_at.is_(None)
        with self._engine.begin() as connection:
            connection.execute(update(notices).where(standing).values(ended_at=now))
            return connection.execute(known).first() is not None

    def _read(self) -> tuple[EvacuationNotice, ...]:
        with self._engine.connect() as connection:
            return tuple(map(_notice, connection.execute(notices.select().where(notices.c.ended_at.is_(None)))))


def _notice(row: Row[tuple[object, ...]]) -> EvacuationNotice:
    return EvacuationNotice(
        id=row.id,
        sender=row.sender,
        level=Level(row.level),
        area=row.area,
        lines=tuple(row.lines),
        shelters=msgspec.convert(row.shelters, tuple[Shelter, ...]),
        issued_at=row.issued_at,
        valid_until=row.valid_until,
    )
