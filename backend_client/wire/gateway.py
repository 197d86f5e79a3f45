"""The symbol gateway: symbols, the law table, relay and access tokens, consent, disasters, records.

A requester asks under a law tuple with its own symbol. Relay: the gateway fetches the answer from the provider. Access
token: the gateway gives a signed token, and the requester fetches the answer itself. In both the content is sealed to
the requester (HPKE), so that the gateway reads nothing. Source: gateway reference, sections 1, 3 and 5.1.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Base64Of32, Count, Message, Moment, Name, Text, TransactionNumber
from backend_client.wire.log import LawWords
from backend_client.wire.notice import NoticeDraft

NUMBER_BYTES = 16
MOST_AT_ONCE = 1000
"""Persons of a batch, receipts of one message."""


def shown(number: bytes) -> str:
    """Write a transaction number (16 bytes) as it travels and as people read it: upper-case hex in groups of four."""
    return number.hex("-", 2).upper()


def number_of(text: str) -> bytes:
    """Read a transaction number as `shown` writes it. Raises ValueError."""
    number = bytes.fromhex(text.replace("-", ""))
    if len(number) != NUMBER_BYTES or shown(number) != text:
        raise ValueError("not a transaction number")
    return number


class SymbolGrant(Message, frozen=True):
    """POST /gateway/symbols (signed by an agency or the portal, an AcquisitionNumber) -> this."""

    symbol: str
    """Lower-case hex of 33 bytes: version ‖ AES-SIV. Belongs to the asking body alone."""


class SymbolBatch(Message, frozen=True):
    """POST /gateway/symbol-batches (signed by an agency, an AcquisitionBatch) -> this, in its order. All or none."""

    symbols: tuple[str, ...]


class SymbolMigration(Message, frozen=True):
    """POST /gateway/symbol-migrations (signed by an agency or the portal) -> SymbolGrant: the present one for an older.

    Keep what comes beside the older one, then show it here in its turn (it comes back as it is): from then on the
    gateway calls the person by it towards the caller, and the older one can go. Until then the caller hears the older.
    Afterwards an older one is `symbol_old` everywhere but here.
    """

    symbol: str


class Transport(Enum):
    """How the answer travels; each law tuple names its own. Source: gateway reference, section 1 (both, and a mix)."""

    RELAY = "relay"
    """ゲートウェイ方式."""
    TOKEN = "token"  # noqa: S105 - the name of a way, not a password
    """アクセストークン方式."""


class Outcome(Enum):
    PROVIDED = "provided"
    NO_AUTOMATIC_ANSWER = "no_automatic_answer"
    """自動応答不可 (DV protection and the like): an answer, no error; the provider is asked in another way."""


# --- what may I ask -------------------------------------------------------------------------------------------------


class LawEntry(Message, frozen=True):
    """One law tuple (事務, 情報の種類, 照会, 提供) as its requester sees it."""

    id: str
    purpose: str
    kind: str
    kind_words: str
    fields: tuple[str, ...]
    """What an answer may name; nothing else travels."""
    basis: str
    provider: str
    provider_words: str
    transport: Transport
    consent_needed: bool
    open_now: bool
    """False for an entry of the disaster exception while no disaster is open."""
    provider_english: str = ""
    """This and what follows: for who reads English or easy Japanese. Empty: the plain words stand in."""
    kind_english: str = ""
    kind_easy: str = ""


class LawList(Message, frozen=True):
    """GET /gateway/laws (signed by an agency or the portal): what the caller may ask."""

    laws: tuple[LawEntry, ...]


# --- relay ------------------------------------------------------------------------------------------------------------


READER_DOMAIN = b"madoguchi reader 1\0"
"""In front of what the portal signs, so that no other signature can be taken for it."""


class Reader(Message, frozen=True):
    """Who reads an answer in the requester's place: the person, on a kiosk that has made a key for it."""

    key: Base64Of32
    """X25519."""
    signature: Base64
    """Ed25519 of the requester's machine key over READER_DOMAIN and the 32 bytes: nobody puts in another on the way."""


class ExchangeRequest(Message, frozen=True):
    """POST /gateway/exchanges (signed by the requester) -> ExchangeAnswer. For law tuples of transport relay."""

    law: str
    """Id of the law-table entry (事務, 情報の種類, 照会, 提供)."""
    symbol: str
    """The requester's own."""
    commitment: Base64Of32
    """Base64 of 32 bytes: commits to the requester's part ⑦ ⑨ ⑫ (wire.log.commitment)."""
    reader: Reader | None = None
    """Always there when the portal asks, never when an agency does."""


class ExchangeAnswer(Message, frozen=True):
    transaction_number: str
    outcome: Outcome
    data_as_of: date | None
    """Age of the data; None when there is no automatic answer."""
    sealed: str
    """Base64 HPKE ciphertext of a wire.agency.Content; empty when there is no automatic answer."""


class Receipt(Message, frozen=True):
    """What a provider says of one answer it gave for an access token."""

    transaction_number: TransactionNumber
    outcome: Outcome
    provider: Base64Of32
    """Base64 of 32 bytes: commits to the provider's part ⑧ ⑩."""
    content: Base64Of32
    """Base64 of 32 bytes: commits to ⑪, the same content for requester and provider."""


class Receipts(Message, frozen=True):
    """POST /gateway/receipts (signed by the provider) -> 204. At most 1,000; one that is there already counts once."""

    receipts: Annotated[tuple[Receipt, ...], msgspec.Meta(max_length=MOST_AT_ONCE)]


# --- access tokens ------------------------------------------------------------------------------------------------


class TokenRequest(Message, frozen=True):
    """POST /gateway/tokens (signed by the requester) -> TokenGrant. For law tuples of transport token."""

    law: str
    symbol: str
    commitment: Base64Of32


class TokenGrant(Message, frozen=True):
    transaction_number: str
    token: str
    """Opaque to the requester; for `provider` alone, once, within a minute."""
    provider: str


class TokenBatchEntry(Message, frozen=True):
    symbol: str
    commitment: Base64Of32


class TokenBatchRequest(Message, frozen=True):
    """POST /gateway/token-batches (signed by the requester) -> TokenBatchGrant. One law tuple, 1 to 1,000 persons."""

    law: str
    entries: Annotated[tuple[TokenBatchEntry, ...], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]


class TokenBatchGrant(Message, frozen=True):
    transaction_numbers: tuple[str, ...]
    """In the order asked. All or none: one wrong symbol refuses the batch."""
    token: str
    provider: str


# --- consent and disasters ------------------------------------------------------------------------------------------


class ConsentGiven(Message, frozen=True):
    """POST /gateway/consents (signed by the portal) -> 204. The holder of the symbol lets this law tuple be used."""

    symbol: str
    law: str
    until: Moment


class ConsentWithdrawn(Message, frozen=True):
    """POST /gateway/consent-withdrawals (signed by the portal) -> 204, also when there was none."""

    symbol: str
    law: str


class DisasterOrder(Message, frozen=True):
    """POST /gateway/disasters (signed by the commission) -> 204. Opens the law tuples marked for disasters."""

    order: Name
    """The commission's own number for it; one order opens once."""
    words: Text
    """For people: which disaster, where."""
    until: Moment


class DisasterEnd(Message, frozen=True):
    """POST /gateway/disaster-ends (signed by the commission) -> 204."""

    order: Name


# --- notices ----------------------------------------------------------------------------------------------------------


class NoticeRequest(Message, frozen=True):
    """POST /gateway/notices (signed by an agency) -> 204. Carried to the portal under the portal's symbol."""

    symbol: str
    draft: NoticeDraft


# --- records ---------------------------------------------------------------------------------------------------------


class Record(Message, frozen=True):
    """One exchange of the gateway's log, for the person it is about. The six items the gateway keeps."""

    transaction_number: str
    """① 処理通番."""
    at: datetime
    """②."""
    basis: str
    """③ the legal basis, in words."""
    requester: str
    """④."""
    provider: str
    """⑤."""
    kind: str
    """⑥ the kind of information, in words."""
    purpose: str
    """The procedure (事務) of the law tuple, in words."""
    outcome: str = ""
    """provided, no_automatic_answer, or empty: allowed, and whether it was answered is not known (yet)."""
    mark: str = ""
    """Empty, or why this was out of the ordinary (a disaster)."""
    words: LawWords | None = None
    """The wording of the law tuple at the time, with its other languages."""


class RecordsRequest(Message, frozen=True):
    """POST /gateway/records (signed by the portal) -> GatewayRecords."""

    symbol: str
    before: Count | None = None
    """The cursor: `next` of the answer before; None for the newest."""
    most: Annotated[int, msgspec.Meta(ge=0, le=MOST_AT_ONCE)] = 0
    """Of one answer; 0 for all there are."""
    since: Moment | None = None
    until: Moment | None = None
    requester: Name | None = None


class GatewayRecords(Message, frozen=True):
    records: tuple[Record, ...]
    next: int | None = None
    """None when there are no more."""
