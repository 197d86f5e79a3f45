"""An agency towards the gateway, towards other agencies, and towards the commission."""

from __future__ import annotations

from datetime import date, datetime

from backend_client.wire.basic import Message, Moment, Name, TransactionNumber
from backend_client.wire.gateway import Outcome, Reader
from backend_client.wire.log import ContentPart, ProviderPart, RequesterPart


class ProvideRequest(Message, frozen=True):
    """POST /agencies/{id}/provide (signed by the gateway) -> Provided."""

    transaction_number: TransactionNumber
    symbol: str
    """The provider's own."""
    kind: Name
    fields: tuple[str, ...]
    """What the law tuple names."""
    requester: Name
    """To whom the content is sealed: the member's id, its key is in the directory of members."""
    reader: Reader | None = None
    """To whom it is sealed instead, where the person asks for what is the person's own."""


class Provided(Message, frozen=True):
    outcome: Outcome
    data_as_of: date | None
    sealed: str
    """Base64: Content, sealed by HPKE to the requester, bound to the transaction number. Empty without an answer."""
    provider: str
    """Base64 of 32 bytes: commits to the provider's part ⑧ ⑩."""
    content: str
    """Base64 of 32 bytes: commits to ⑪."""


class Redemption(Message, frozen=True):
    """POST /agencies/{id}/redemptions (signed by the requester) -> Redeemed. A token counts once."""

    token: str


class RedeemedAnswer(Message, frozen=True):
    transaction_number: str
    outcome: Outcome
    data_as_of: date | None
    sealed: str


class Redeemed(Message, frozen=True):
    """In the order of the token's persons; one for a token of one."""

    answers: tuple[RedeemedAnswer, ...]


class Content(Message, frozen=True):
    """What is sealed to the requester."""

    transaction_number: str
    payload: dict[str, str]
    salt: str
    """Base64 of 32 bytes: opens the commitment to ⑪ for the requester too."""


class PartsRequest(Message, frozen=True):
    """POST /agencies/{id}/parts (signed by the commission) -> Parts. `order_expired` after `valid_until`."""

    order: Name
    valid_until: Moment
    since: Moment
    until: Moment


class Opened(Message, frozen=True):
    """One agency's part of one exchange, with the salts that open its commitments; None for the side it was not."""

    transaction_number: str
    at: datetime
    requester: RequesterPart | None
    provider: ProviderPart | None
    content: ContentPart | None
    who: str = ""
    """A pseudonym of the client that holds within this one answer: who is asked about often shows, who it is not."""


class Parts(Message, frozen=True):
    parts: tuple[Opened, ...]
