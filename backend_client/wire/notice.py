"""Notices as their senders write them."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, Lines, Message


class SenderKind(Enum):
    MUNICIPALITY = "municipality"
    AGENCY = "agency"
    COMPANY = "company"


class NoticeDraft(Message, frozen=True):
    title: Line
    summary: Annotated[tuple[Line, ...], msgspec.Meta(max_length=3)]
    body: Lines
    legal_effect: bool = False
