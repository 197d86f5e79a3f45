"""電子私書箱: certificates of public bodies as signed data, which the holder keeps, checks and sends on."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Line, MaybeText, Message, Moment, Name

STATEMENT_DOMAIN = b"madoguchi certificate 1\0"
"""In front of what is signed, so that no signature made for anything else can be a certificate's."""


class StatementKind(Enum):
    """What a certificate is for."""

    OTHER = "other"
    PREMIUM = "premium"
    """控除証明書: premiums paid, for the tax return."""
    ACCOUNT = "account"
    """公金受取口座: an account that refunds may go to."""


class StatementFact(Message, frozen=True):
    label: Line
    value: Line


class Statement(Message, frozen=True):
    """What a certificate says."""

    id: Name
    title: Line
    issuer: Name
    """A member's id."""
    issuer_name: Line
    holder: Line
    facts: Annotated[tuple[StatementFact, ...], msgspec.Meta(max_length=20)]
    issued_at: Moment
    valid_until: Moment
    note: MaybeText = ""
    kind: StatementKind = StatementKind.OTHER


class SignedStatement(Message, frozen=True):
    """`statement` is Base64 of JSON; `signature` is the issuer's, Ed25519 over STATEMENT_DOMAIN and that JSON."""

    statement: Base64
    signature: Base64


class PostItem(Message, frozen=True):
    id: str
    arrived_at: datetime
    certificate: SignedStatement
    key: str
    """Hex of the issuer's public key, from the directory of members."""
    sent_to: tuple[str, ...]
    """Bodies it was sent on to."""


class PostList(Message, frozen=True):
    """GET /portal/post (session). Newest first."""

    items: tuple[PostItem, ...]
    receivers: tuple[tuple[str, str], ...]
    """Bodies that take certificates: id and name."""


class SendOn(Message, frozen=True):
    """POST /portal/post-sendings (session) -> 204. The person lets one body have one certificate."""

    item: Name
    receiver: Name
