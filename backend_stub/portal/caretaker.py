"""Looks after the folders once a day: new names, folders of those who died or left, and the end of every term."""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime
from uuid import uuid4

from backend_stub.body import Refusal
from backend_stub.portal.folders import Folders
from backend_stub.portal.neighbours import Neighbours
from backend_stub.portal.notices import Notices
from backend_stub.portal.sign_ins import SignIns

log = logging.getLogger(__name__)


class Caretaker:
    """One portal's."""

    def __init__(self, folders: Folders, notices: Notices, neighbours: Neighbours, sign_ins: SignIns) -> None:
        self._folders = folders
        self._notices = notices
        self._neighbours = neighbours
        self._sign_ins = sign_ins
        self._kept_up: date | None = None
        self._one_at_a_time = asyncio.Lock()

    async def keep_up(self, now: datetime) -> None:
        """Do it if it was not done today. Without the authority it is done tomorrow, and people come in meanwhile."""
        if self._kept_up == now.date() or self._one_at_a_time.locked():
            return
        self._kept_up = now.date()
        self._notices.expire(now)
        self._sign_ins.forget(now)
        try:
            await self.look_after(now)
        except Refusal as refusal:
            log.info("changes were not heard today: %s, trace %s", refusal.code, refusal.trace_id)

    async def look_after(self, now: datetime) -> None:
        """Hear of all changes and apply them, then dispose of folders whose term is over. Raises Refusal."""
        async with self._one_at_a_time:
            more = True
            while more:
                page = await self._neighbours.changes(self._folders.heard(), uuid4().hex)
                self._folders.hear(page.changes, page.cursor, now)
                more = page.more
            self._folders.dispose_of_closed(now)
