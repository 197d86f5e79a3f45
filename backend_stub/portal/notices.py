"""Notices in the folders: delivered, listed, read; reading leaves a receipt."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, Row

from backend_client.wire import Notice, NoticeDraft, NoticeHead, NoticeList, SenderKind
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.tables import notices


class Notices:
    """The notices of one portal."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def deliver(
        self,
        folder_id: str,
        sender: str,
        sender_kind: SenderKind,
        draft: NoticeDraft,
        now: datetime,
        transaction_number: str | None = None,
    ) -> None:
        """Put a notice into a folder; one that is sent again under its transaction number is there once."""
        values = {
            "id": token_hex(16),
            "folder_id": folder_id,
            "transaction_number": transaction_number,
            "sender": sender,
            "sender_kind": sender_kind.value,
            "title": draft.title,
            "summary": list(draft.summary),
            "body": draft.body,
            "legal_effect": draft.legal_effect,
            "arrived_at": now,
        }
        with self._engine.begin() as connection:
            if transaction_number is None or not _is_there(connection, folder_id, transaction_number):
                connection.execute(notices.insert().values(values))

    def heads(self, folder_id: str) -> NoticeList:
        """All notices of a folder, newest first."""
        mine = notices.select().where(notices.c.folder_id == folder_id)
        with self._engine.connect() as connection:
            rows = connection.execute(mine.order_by(notices.c.arrived_at.desc(), notices.c.id)).all()
        return NoticeList(notices=tuple(_head(row) for row in rows))

    @retried
    def read(self, folder_id: str, notice_id: str, now: datetime) -> Notice:
        """Open a notice; the first time leaves the receipt. Raises Refusal: not_found, also for another's notice."""
        one = (notices.c.id == notice_id) & (notices.c.folder_id == folder_id)
        with self._engine.begin() as connection:
            connection.execute(notices.update().where(one, notices.c.opened_at.is_(None)).values(opened_at=now))
            row = connection.execute(notices.select().where(one)).first()
        if row is None:
            raise Refusal("not_found")
        return Notice(head=_head(row), summary=tuple(row.summary), body=row.body)


def _is_there(connection: Connection, folder_id: str, transaction_number: str) -> bool:
    same = (notices.c.folder_id == folder_id) & (notices.c.transaction_number == transaction_number)
    return connection.execute(notices.select().where(same)).first() is not None


def _head(row: Row[Any]) -> NoticeHead:
    return NoticeHead(
        id=row.id,
        sender=row.sender,
        sender_kind=SenderKind(row.sender_kind),
        title=row.title,
        arrived_at=row.arrived_at,
        opened=row.opened_at is not None,
        legal_effect=row.legal_effect,
    )
