"""基本4情報の同期化: what became of an agency's own people, as often as the agency asks; daily is meant.

Each agency has a list of its own, counted from 1, so that nothing in it tells of other agencies or of other people.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from backend_client.wire import PersonChange, PersonChanges, ResidentEvent, Synchronisation
from backend_stub.authority.register import Register
from backend_stub.authority.tables import deliveries, held, record
from backend_stub.body import Call

JST = timezone(timedelta(hours=9))


def hold(connection: Connection, machine: str, resident_id: str) -> None:
    """From now on the agency hears of this person."""
    one = (held.c.machine == machine) & (held.c.resident_id == resident_id)
    if connection.execute(held.select().where(one)).first() is None:
        connection.execute(held.insert().values(machine=machine, resident_id=resident_id))


def deliver(connection: Connection, resident_id: str, event: ResidentEvent, at: datetime) -> None:
    """Put a change on the list of every agency that has the person."""
    for row in connection.execute(held.select().where(held.c.resident_id == resident_id)).all():
        last = select(func.max(deliveries.c.place)).where(deliveries.c.machine == row.machine)
        place = (connection.execute(last).scalar() or 0) + 1
        values = {"machine": row.machine, "place": place, "resident_id": resident_id}
        connection.execute(deliveries.insert().values(**values, event=event.value, at=at))


class Synchroniser:
    """Answers agencies that ask what has changed."""

    def __init__(self, engine: Engine, register: Register) -> None:
        self._engine = engine
        self._register = register

    async def synchronise(self, call: Call, message: Synchronisation) -> PersonChanges:
        """Tell an agency what became of its own people since it last asked."""
        machine = call.machine.id
        newer = (deliveries.c.machine == machine) & (deliveries.c.place > message.after)
        with self._engine.begin() as connection:
            wanted = deliveries.select().where(newer).order_by(deliveries.c.place).limit(message.limit + 1)
            rows = connection.execute(wanted).all()
            page = rows[: message.limit]
            changes = tuple(self._change(connection, call, machine, row) for row in page)
            cursor = page[-1].place if page else message.after
            return PersonChanges(changes=changes, cursor=cursor, more=len(rows) > len(page))

    def _change(self, connection: Connection, call: Call, machine: str, row: Row[Any]) -> PersonChange:
        resident_id, event, at = row.resident_id, ResidentEvent(row.event), row.at
        record(connection, call.now, "synchronisation", machine, resident_id, call.trace_id)
        registered = self._register.is_registered(connection, resident_id)
        return PersonChange(
            handle=self._register.handle(connection, resident_id, machine),
            event=event,
            on=at.astimezone(JST).date(),
            items=self._register.resident(connection, resident_id).items if registered else None,
        )
