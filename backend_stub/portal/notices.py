"""Notices in the folders: delivered and sealed, listed, read; reading leaves a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, false, select

from backend_client.wire import (
    LETTER_DOMAIN,
    Document,
    DocumentHead,
    Letter,
    Notice,
    NoticeDraft,
    NoticeEventType,
    NoticeHead,
    NoticeList,
    NoticeMark,
    SenderKind,
    Weight,
)
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.portal.folder_keys import FolderKeys
from backend_stub.portal.notice_events import write_event
from backend_stub.portal.tables import documents, notices
from backend_stub.sealing import NotForUs

NEVER = datetime.max.replace(tzinfo=UTC)
HEAVIEST_FIRST = (Weight.URGENT, Weight.IMPORTANT, Weight.NORMAL)


@dataclass(frozen=True, slots=True)
class Sender:
    """As the person sees it. `id` only of machines that hear what becomes of their notices."""

    name: str
    kind: SenderKind
    id: str | None = None


class Notices:
    """The notices of one portal."""

    def __init__(self, engine: Engine, keys: FolderKeys) -> None:
        self._engine = engine
        self._keys = keys

    @retried
    def deliver(
        self,
        folder_id: str,
        sender: Sender,
        draft: NoticeDraft,
        now: datetime,
        transaction_number: str | None = None,
        sealed: bytes = b"",
    ) -> None:
        """Put a notice into a folder; one sent again, under its transaction number or its own id, is there once.

        `sealed` is the letter when its sender has sealed it; nobody here reads it.
        """
        head: dict[str, object] = {
            "id": token_hex(16),
            "folder_id": folder_id,
            "transaction_number": transaction_number,
        }
        head |= {"sender": sender.name, "sender_kind": sender.kind.value, "sender_id": sender.id, "arrived_at": now}
        with self._engine.begin() as connection:
            if not _is_there(connection, folder_id, sender.name, draft, transaction_number):
                head["receipt"] = draft.legal_effect or (sender.id is not None and _asks_something(draft))
                head |= {"letter": sealed or self._sealed_letter(folder_id, draft)}
                head |= {"heading": self._keys.seal_heading(folder_id, draft.title.encode())}
                connection.execute(notices.insert().values(head | _values(draft)))
                for number, document in enumerate(draft.documents):
                    there = {"notice_id": head["id"], "number": number}
                    connection.execute(documents.insert().values(there | self._sealed_document(folder_id, document)))
                write_event(connection, str(head["id"]), NoticeEventType.DELIVERED, now)

    def heads(self, folder_id: str) -> NoticeList:
        """All notices of a folder, newest first."""
        mine = notices.select().where(notices.c.folder_id == folder_id)
        with self._engine.connect() as connection:
            rows = connection.execute(mine.order_by(notices.c.arrived_at.desc(), notices.c.id)).all()
        titles = self._keys.open_headings(folder_id, [row.heading for row in rows])
        return NoticeList(notices=tuple(map(_head, rows, titles)))

    @retried
    def read(self, folder_id: str, notice_id: str, now: datetime) -> Notice:
        """Open a notice; the first time leaves the receipt. Raises Refusal: not_found, also for another's notice."""
        one = _one(folder_id, notice_id)
        with self._engine.begin() as connection:
            first = notices.update().where(one, notices.c.opened_at.is_(None)).values(opened_at=now)
            first_time = connection.execute(first).rowcount
            notice = read_notice(connection, self._keys, one)
            if first_time and notice.head.receipt:
                write_event(connection, notice_id, NoticeEventType.OPENED, now)
        return notice

    def document(self, folder_id: str, notice_id: str, number: str) -> Document:
        """One attachment of a notice that was opened. Raises Refusal: not_found."""
        mine = select(notices.c.id).where(_one(folder_id, notice_id), notices.c.opened_at.is_not(None))
        with self._engine.connect() as connection:
            rows = connection.execute(documents.select().where(documents.c.notice_id.in_(mine))).all()
        found = next((row for row in rows if str(row.number) == number), None)
        if found is None:
            raise Refusal("not_found")
        opened = self._keys.open_letter(folder_id, found.content, _context(""))
        return msgspec.json.decode(opened, type=Document)

    @retried
    def mark(self, folder_id: str, notice_id: str, mark: NoticeMark) -> None:
        """Remember what the person means to do with it. Raises Refusal: not_found."""
        with self._engine.begin() as connection:
            one = notices.update().where(_one(folder_id, notice_id)).values(mark=mark.value)
            if connection.execute(one).rowcount == 0:
                raise Refusal("not_found")

    @retried
    def expire(self, now: datetime) -> None:
        """Tell the senders of notices that nobody opened in time, once each."""
        late = notices.c.opened_at.is_(None) & (notices.c.reply_by < now) & notices.c.sender_id.is_not(None)
        with self._engine.begin() as connection:
            untold = select(notices.c.id).where(late, notices.c.expired_at.is_(None))
            for notice_id in connection.execute(untold).scalars().all():
                connection.execute(notices.update().where(notices.c.id == notice_id).values(expired_at=now))
                write_event(connection, notice_id, NoticeEventType.EXPIRED, now)

    def _sealed_letter(self, folder_id: str, draft: NoticeDraft) -> bytes:
        letter = Letter(summary=draft.summary, body=draft.body, case_id=draft.case_id, action=draft.action)
        return self._keys.seal_letter(folder_id, msgspec.json.encode(letter), _context(draft.message_id))

    def _sealed_document(self, folder_id: str, document: Document) -> dict[str, bytes]:
        size = len(document.content) * 3 // 4 - document.content.count("=")
        head = DocumentHead(filename=document.filename, encoding_format=document.encoding_format, size=size)
        return {
            "heading": self._keys.seal_heading(folder_id, msgspec.json.encode(head)),
            "content": self._keys.seal_letter(folder_id, msgspec.json.encode(document), _context("")),
        }


def by_weight(listed: NoticeList, now: datetime) -> NoticeList:
    """What weighs most and is due first stands first; what is done with or over weighs nothing any more."""

    def place(head: NoticeHead) -> tuple[int, datetime]:
        waits = head.reply_by is not None and head.reply_by >= now
        weight = Weight.IMPORTANT if head.legal_effect and head.weight is Weight.NORMAL else head.weight
        weight = weight if waits or not head.opened else Weight.NORMAL
        return HEAVIEST_FIRST.index(weight), head.reply_by if waits and head.reply_by else NEVER

    return NoticeList(notices=tuple(sorted(listed.notices, key=place)))


def read_notice(connection: Connection, keys: FolderKeys, which: ColumnElement[bool]) -> Notice:
    """The whole of one notice, but for what its attachments hold: for who is signed in.

    Raises Refusal: not_found; content_wrong for a letter that its sender sealed so that it cannot be opened.
    """
    row = connection.execute(notices.select().where(which)).first()
    if row is None:
        raise Refusal("not_found")
    letter = _letter(keys, row)
    mine = documents.select().where(documents.c.notice_id == row.id).order_by(documents.c.number)
    sealed = [one.heading for one in connection.execute(mine)]
    (title, *heads) = keys.open_headings(row.folder_id, [row.heading, *sealed])
    return Notice(
        head=_head(row, title),
        summary=letter.summary,
        body=letter.body,
        case_id=letter.case_id,
        documents=tuple(msgspec.json.decode(one, type=DocumentHead) for one in heads),
        action=letter.action,
    )


def _letter(keys: FolderKeys, row: Row[Any]) -> Letter:
    try:
        return msgspec.json.decode(
            keys.open_letter(row.folder_id, row.letter, _context(row.message_id or "")), type=Letter
        )
    except (NotForUs, msgspec.DecodeError) as exc:
        raise Refusal("content_wrong") from exc


def _context(message_id: str) -> bytes:
    return LETTER_DOMAIN + message_id.encode()


def _one(folder_id: str, notice_id: str) -> ColumnElement[bool]:
    return (notices.c.id == notice_id) & (notices.c.folder_id == folder_id)


def _is_there(
    connection: Connection, folder_id: str, sender: str, draft: NoticeDraft, transaction_number: str | None
) -> bool:
    same: ColumnElement[bool] = false()
    if transaction_number is not None:
        same |= notices.c.transaction_number == transaction_number
    if draft.message_id:
        same |= (notices.c.sender == sender) & (notices.c.message_id == draft.message_id)
    mine = notices.select().where(notices.c.folder_id == folder_id, same)
    return connection.execute(mine).first() is not None


def _asks_something(draft: NoticeDraft) -> bool:
    """Only then a company hears whether it was opened: reading alone is nobody's business."""
    return draft.reply_by is not None or draft.action is not None


def _values(draft: NoticeDraft) -> dict[str, object]:
    return {
        "legal_effect": draft.legal_effect,
        "message_id": draft.message_id or None,
        "weight": draft.weight.value,
        "reply_by": draft.reply_by,
        "life_event": draft.life_event,
        "mark": NoticeMark.NONE.value,
    }


def _head(row: Row[Any], title: bytes) -> NoticeHead:
    return NoticeHead(
        id=row.id,
        sender=row.sender,
        sender_kind=SenderKind(row.sender_kind),
        title=title.decode(),
        arrived_at=row.arrived_at,
        opened=row.opened_at is not None,
        legal_effect=row.legal_effect,
        receipt=row.receipt,
        weight=Weight(row.weight),
        reply_by=row.reply_by,
        life_event=row.life_event,
        mark=NoticeMark(row.mark),
    )
