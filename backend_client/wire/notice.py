"""Notices as their senders write them, and what becomes of them.

Fields after the Danish message format MeMo 1.2 (https://DigitalPost.dk/MeMo-1), written anew; its names stand behind
each. The events are CloudEvents 1.0. Source: gateway reference, section 5.3.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

import msgspec

from backend_client.wire.basic import Line, Lines, MaybeText, Message, Moment, whole

MaybeName = Annotated[str, whole("[0-9A-Za-z_-]{0,64}", 64)]
LARGEST_DOCUMENT = 1_400_000
"""Characters of Base64: about a megabyte, as a paper has it."""


class SenderKind(Enum):
    MUNICIPALITY = "municipality"
    AGENCY = "agency"
    COMPANY = "company"


class Weight(Enum):
    NORMAL = "normal"
    IMPORTANT = "important"
    """mandatory"""
    URGENT = "urgent"


class DocumentFormat(Enum):
    TEXT = "text/plain"
    PDF = "application/pdf"


class Document(Message, frozen=True):
    """AdditionalDocument."""

    filename: Line
    encoding_format: DocumentFormat
    content: Annotated[str, msgspec.Meta(min_length=4, max_length=LARGEST_DOCUMENT)]
    """Base64; a text is UTF-8."""
    language: Annotated[str, whole("[a-z]{2}", 2)] = "ja"


class ActionCode(Enum):
    """What the person is asked to do. MeMo's own codes are behind each."""

    PAY = "pay"
    """BETALING"""
    REPLY = "reply"
    """BEKRAEFT"""
    APPLY = "apply"
    """TILMELDING"""
    BOOK = "book"
    """AFTALE"""


class NoticeAction(Message, frozen=True):
    action_code: ActionCode
    label: Line
    until: Moment | None = None
    """endDateTime"""
    entry_point: MaybeName = ""
    """A life event of the portal, for `APPLY`. Never an address: nothing in a notice leads out of the portal."""


class NoticeDraft(Message, frozen=True):
    title: Line
    """label"""
    summary: Annotated[tuple[Line, ...], msgspec.Meta(max_length=3)]
    """notification"""
    body: Lines
    """MainDocument"""
    legal_effect: bool = False
    """legalNotification"""
    message_id: MaybeName = ""
    """messageUUID: the sender's own; one that is sent again under it is one notice, and events name it."""
    weight: Weight = Weight.NORMAL
    reply_by: Moment | None = None
    """replyByDateTime"""
    case_id: MaybeText = ""
    """caseID"""
    life_event: MaybeName = ""
    """What it is about, as the portal calls it; empty for none."""
    documents: Annotated[tuple[Document, ...], msgspec.Meta(max_length=5)] = ()
    action: NoticeAction | None = None


LETTER_DOMAIN = b"madoguchi letter 1\0"
"""In front of a notice's `message_id`: the context in which its letter is sealed (HPKE)."""


class Letter(Message, frozen=True):
    """What of a notice its receiver alone should read. A sender that has the folder's key seals it by itself."""

    summary: Annotated[tuple[Line, ...], msgspec.Meta(max_length=3)]
    body: Lines
    case_id: MaybeText = ""
    action: NoticeAction | None = None


class NoticeEventType(Enum):
    DELIVERED = "jp.myportal.notice.delivered"
    OPENED = "jp.myportal.notice.opened"
    EXPIRED = "jp.myportal.notice.expired"
    """Nobody opened it before `reply_by`."""


class NoticeEvent(Message, frozen=True):
    """POST /partners/{id}/notice-events (signed by the portal) -> 204. CloudEvents 1.0; counts once by source and id.

    Names the notice by its sender's own id, and nobody.
    """

    specversion: Literal["1.0"]
    id: Annotated[str, whole("[0-9a-f]{32}", 32)]
    source: Line
    type: NoticeEventType
    subject: MaybeName
    """`NoticeDraft.message_id`."""
    time: Moment
