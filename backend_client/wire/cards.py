"""One card for many: qualification and membership cards in the portal, shown as a signed code for two minutes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from backend_client.wire.basic import Line, Message, Name, whole

SHOWING_DOMAIN = b"madoguchi showing 1\0"
"""In front of what is signed, so that no signature made for anything else can be a shown card's."""
CounterNumber = Annotated[str, whole("[0-9]{4}", 4)]
"""What a counter tells the person to type, so that the code counts there and nowhere else."""


class CardDraft(Message, frozen=True):
    """POST /cards/drafts (signed by an issuer). The newest word about a card counts."""

    number: Name
    """The issuer's own, one for each card; on the card for people."""
    handle: Name
    """The issuer's own name for the resident, from the portal."""
    title: Line
    holder: Line
    valid_until: date


class CardEnd(Message, frozen=True):
    """POST /cards/ends (signed by its issuer): the card is no more."""

    number: Name


class HeldCard(Message, frozen=True):
    """One card, for who holds it."""

    id: Name
    issuer: str
    """For people."""
    number: str
    title: str
    holder: str
    valid_until: date


class HeldCards(Message, frozen=True):
    """GET /cards/cards (session)."""

    cards: tuple[HeldCard, ...]


class ShowingRequest(Message, frozen=True):
    """POST /cards/showings (session) -> ShowingCode. `not_possible` for a card whose term is over."""

    id: Name
    counter: CounterNumber


class ShowingCode(Message, frozen=True):
    """What the code says: Base64url, without padding, of a signature (64 bytes) and the `Showing` it is over."""

    code: str


class Showing(msgspec.Struct, frozen=True, array_like=True):
    """What a counter reads, as MessagePack."""

    issuer: str
    number: str
    title: str
    holder: str
    valid_until: date
    counter: str
    until: int
    """Seconds since 1970: after that it counts no more."""
