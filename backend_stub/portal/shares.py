"""Showing one notice to the family: eight digits, told by mouth, good once and for a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from secrets import randbelow

from sqlalchemy import Engine, delete, select

from backend_client.wire import Notice, NoticeShare
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.portal.notices import read_notice
from backend_stub.portal.tables import notices, shares

LIFETIME = timedelta(days=1)
MOST_WRONG = 5
"""Codes that one folder may get wrong in a day: who guesses finds one in 20 million days."""


class Shares:
    """The codes of one portal."""

    def __init__(self, engine: Engine, keys: FolderKeys) -> None:
        self._engine = engine
        self._keys = keys
        self._wrong: Counter[str] = Counter()
        self._day = date.min

    @retried
    def give(self, folder_id: str, notice_id: str, now: datetime) -> NoticeShare:
        """A new code for a notice that its holder has opened; an earlier one ends. Raises Refusal: not_found."""
        mine = (notices.c.id == notice_id) & (notices.c.folder_id == folder_id) & notices.c.opened_at.is_not(None)
        code, until = f"{randbelow(10**8):08}", now + LIFETIME
        with self._engine.begin() as connection:
            if connection.execute(select(notices.c.id).where(mine)).first() is None:
                raise Refusal("not_found")
            over = (shares.c.notice_id == notice_id) | (shares.c.until < now) | (shares.c.code == code)
            connection.execute(delete(shares).where(over))
            connection.execute(shares.insert().values(code=code, notice_id=notice_id, until=until))
        return NoticeShare(code=code, until=until)

    def read(self, reader: str, code: str, now: datetime) -> Notice:
        """Use a code up. Raises Refusal: not_found, also for a reader who has guessed too often today."""
        if now.date() != self._day:
            self._wrong, self._day = Counter(), now.date()
        if self._wrong[reader] >= MOST_WRONG:
            raise Refusal("not_found")
        try:
            return self._take(code, now)
        except Refusal:
            self._wrong[reader] += 1
            raise

    @retried
    def _take(self, code: str, now: datetime) -> Notice:
        with self._engine.begin() as connection:
            used = delete(shares).where(shares.c.code == code, shares.c.until >= now).returning(shares.c.notice_id)
            notice_id = connection.scalar(used)
            return read_notice(connection, self._keys, notices.c.id == notice_id)
