"""Notices as their senders write them."""

from __future__ import annotations

from enum import Enum

from backend_client.wire.basic import Message


class SenderKind(Enum):
    MUNICIPALITY = "municipality"
    AGENCY = "agency"
    COMPANY = "company"


class NoticeDraft(Message, frozen=True):
    title: str
    summary: tuple[str, ...]
    body: str
    legal_effect: bool = False
