"""Own information: the person asks the holders, through the gateway, and reads alone what they answer.

Each answer is sealed to a key that the kiosk has made for this one asking, so that neither gateway nor portal reads it.
"""

from __future__ import annotations

from datetime import date

from backend_client.wire.basic import Base64Of32, Message, Name
from backend_client.wire.gateway import Outcome


class OwnHolder(Message, frozen=True):
    """One kind of information that one holder may have."""

    law: Name
    """By which it is asked for."""
    holder: str
    kind: str
    holder_english: str = ""
    """This and what follows: for who reads English or easy Japanese. Empty: the plain words stand in."""
    kind_english: str = ""
    kind_easy: str = ""


class OwnHolders(Message, frozen=True):
    """GET /portal/own-information/holders (session): whom the person may ask."""

    holders: tuple[OwnHolder, ...]


class OwnRequest(Message, frozen=True):
    """POST /portal/own-information (session) -> OwnAnswer. `no_data` when the holder has nothing about the person."""

    law: Name
    key: Base64Of32
    """X25519, made for this asking: the answer is sealed to it."""


class OwnAnswer(Message, frozen=True):
    transaction_number: str
    outcome: Outcome
    data_as_of: date | None
    sealed: str
    """Base64: wire.Content, sealed to the key, bound to the transaction number. Empty without an automatic answer."""
