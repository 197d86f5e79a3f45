"""What becomes of notices, told to the companies that sent them: written with the deed, carried until it is taken.

A CloudEvent (1.0) for each, as a request signed with the portal's machine key (RFC 9421) like all requests here.
Source: gateway reference, section 5.3.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, select

from backend_client.wire import NoticeEvent, NoticeEventType
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.errand import Errand
from backend_stub.peers import Peers
from backend_stub.portal.tables import notice_events, notices

log = logging.getLogger(__name__)

SOURCE = "/portal"
LATER = frozenset({"peer_unavailable", "storage_busy", "storage_full", "fault"})
"""After these the same event may be taken at another time; after others never."""


def write_event(connection: Connection, notice_id: str, kind: NoticeEventType, now: datetime) -> None:
    """Put an event into the outbox, if the notice's sender gave it an id of its own and hears of events."""
    row = connection.execute(select(notices).where(notices.c.id == notice_id)).one()
    if row.sender_id is None or row.message_id is None:
        return
    values = {"id": token_hex(16), "notice_id": notice_id, "receiver": row.sender_id, "at": now}
    connection.execute(notice_events.insert().values(values | {"type": kind.value, "subject": row.message_id}))


class Herald:
    """Carries the events of one portal, in order for each receiver; one that is down holds up its own only."""

    def __init__(self, engine: Engine, peers: Peers) -> None:
        self._engine = engine
        self._peers = peers
        self._one_at_a_time = asyncio.Lock()
        self.errand = Errand("an event", self.carry)

    async def carry(self) -> bool:
        """Carry everything once. False when a receiver did not take all of it."""
        async with self._one_at_a_time:
            down: set[str] = set()
            for row in self._waiting():
                if row.receiver not in down and not await self._carry(row):
                    down.add(row.receiver)
            return not down

    def count_waiting(self) -> dict[str, float]:
        """How many events no sender has taken, for operators. Raises sqlalchemy.exc.DBAPIError."""
        return {"": len(self._waiting())}

    def _waiting(self) -> list[Row[Any]]:
        with self._engine.connect() as connection:
            return list(connection.execute(notice_events.select().order_by(notice_events.c.number)))

    async def _carry(self, row: Row[Any]) -> bool:
        kind = NoticeEventType(row.type)
        event = NoticeEvent(specversion="1.0", id=row.id, source=SOURCE, type=kind, subject=row.subject, time=row.at)
        try:
            await self._peers.ask(row.receiver, "/notice-events", event, None, uuid4().hex)
        except Refusal as refusal:
            log.info("%s does not take an event: %s", row.receiver, refusal.code)
            if refusal.code in LATER:
                return False
        self._forget(row.id)
        return True

    @retried
    def _forget(self, event_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(notice_events.delete().where(notice_events.c.id == event_id))
