"""What became of an agency's clients: heard from the authority once a day, and applied to what is held of them."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, timedelta, timezone
from uuid import uuid4

from backend_client.wire import PersonChanges, Synchronisation
from backend_stub.agencies.book import AUTHORITY, Book
from backend_stub.agencies.file import AgencyFile
from backend_stub.body import Refusal
from backend_stub.peers import Peers

log = logging.getLogger(__name__)

JST = timezone(timedelta(hours=9))
AGAIN = timedelta(minutes=10)
"""An authority that did not answer is asked again after this; meanwhile answers are as old as they say."""


def day_of(now: datetime) -> date:
    """The day it is in Japan."""
    return now.astimezone(JST).date()


class Changes:
    """基本4情報の同期化 at the agency. The authority names a client by a handle that no other agency has."""

    def __init__(self, peers: Peers, book: Book, file: AgencyFile) -> None:
        self._peers = peers
        self._book = book
        self._register = "" if file.register is None else file.register.kind
        self._agency = file.id
        self._heard_on: date | None = None
        self._not_before: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def keep_up(self, now: datetime) -> None:
        """Hear everything if that was not done today. Without an answer work goes on, and it is tried again."""
        if self._heard_on == day_of(now):
            return
        async with self._one_at_a_time:
            if self._heard_on is None:
                _, self._heard_on = self._book.heard()
            if self._heard_on == day_of(now) or (self._not_before is not None and now < self._not_before):
                return
            try:
                await self._hear(now)
            except Refusal as refusal:
                self._not_before = now + AGAIN
                log.warning("%s: changes were not heard: %s, trace %s", self._agency, refusal.code, refusal.trace_id)

    async def hear(self, now: datetime) -> None:
        """Hear everything now. Raises Refusal and sqlalchemy.exc.DBAPIError; what was heard before stays applied."""
        async with self._one_at_a_time:
            await self._hear(now)

    async def _hear(self, now: datetime) -> None:
        cursor, more = self._book.heard()[0], True
        while more:
            asked = Synchronisation(after=cursor)
            page: PersonChanges = await self._peers.ask(
                AUTHORITY, "/synchronisations", asked, PersonChanges, uuid4().hex
            )
            cursor, more = page.cursor, page.more
            self._book.hear(page.changes, self._register, cursor, None if more else day_of(now))
        self._heard_on = day_of(now)
