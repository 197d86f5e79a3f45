"""Every message between kiosk and backend, and between the backend's bodies: the contract, in one file.

JSON over HTTPS. Times are RFC 3339 with offset, dates ISO 8601, binary values standard Base64. Unknown fields are
ignored, missing ones refused. A symbol or a card's serial number travels in bodies only, never in a URL.
Each body's OpenAPI document is generated from these structs.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from hashlib import sha256, sha384

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Root of all messages."""


class Problem(Message, frozen=True):
    """Body of every answer with status 4xx or 5xx. Carries no personal data."""

    code: str
    """Stable, e.g. `certificate_revoked`; the list is `REFUSALS` below."""
    origin: str
    """The body that refused, e.g. `portal`, `gateway`, `authority`, `city`."""
    trace_id: str
    message: str
    """One English sentence for engineers; people are shown the kiosk's own words for `code`."""


REFUSALS = {
    # code: (HTTP status, when)
    "bad_request": (400, "the message could not be read"),
    "challenge_unknown": (409, "the challenge was never given, or was used before"),
    "challenge_stale": (409, "the challenge was given too long ago"),
    "token_invalid": (401, "the signature does not fit certificate, challenge and origin"),
    "certificate_untrusted": (403, "the certificate does not chain to the authority, or its form is wrong"),
    "certificate_policy": (403, "the certificate is not one for user authentication"),
    "certificate_expired": (403, "the certificate's term is over"),
    "certificate_not_yet_valid": (403, "the certificate's term has not begun"),
    "certificate_revoked": (403, "the authority has revoked or stopped the certificate"),
    "session_unknown": (401, "signed out, expired, or never signed in"),
    "ticket_unknown": (409, "the registration ticket was used before or is too old"),
    "not_found": (404, "no such thing for this person"),
    "machine_unknown": (401, "the request is not signed by a registered machine"),
    "not_allowed": (403, "this machine may not ask this"),
    "law_forbids": (403, "no entry of the law table allows this exchange"),
    "symbol_invalid": (403, "the symbol was not issued to who presents it; raised as an alarm"),
    "acquisition_unknown": (409, "the acquisition number was used before or never given"),
    "no_match": (404, "the four items match nobody, or more than one person"),
    "no_data": (404, "the holder has no such data for this person"),
    "storage_full": (507, "the body's database cannot grow; nothing was stored"),
    "peer_unavailable": (502, "another body did not answer"),
    "fault": (500, "an unexpected fault; the trace id finds it in the log"),
}


# --- authentication by card (portal and medical) ---------------------------------------------------------------------


class Challenge(Message, frozen=True):
    """Answer of POST /portal/challenges and /medical/challenges. Used once, within `lifetime_s`."""

    nonce: str
    """Base64 of 32 random bytes. The card signs hash(origin) + hash(this text); see AuthToken."""
    lifetime_s: int


class AuthToken(
    Message, frozen=True, rename={"unverified_certificate": "unverifiedCertificate", "app_version": "appVersion"}
):
    """A Web eID authentication token, format `web-eid:1`.

    `signature` is over hash(origin) + hash(nonce), both as UTF-8 text, by the hash of `algorithm`: RS256, or ES384
    (r and s, 96 bytes) for a P-384 certificate. The origin is scheme://host:port of the backend as the kiosk
    reached it. Source: Web eID system architecture document, token format 1.0.
    """

    unverified_certificate: str
    """Base64 of the user authentication certificate, DER."""
    algorithm: str
    signature: str
    format: str
    app_version: str


class FourItems(Message, frozen=True):
    """基本4情報."""

    name: str
    address: str
    birth_date: date
    sex: str
    """JIS X 0303: 1 male, 2 female, 9 not applicable, 0 unknown."""


# --- portal ----------------------------------------------------------------------------------------------------------


class SignIn(Message, frozen=True):
    """POST /portal/sign-in -> SignedIn | NotRegistered."""

    nonce: str
    token: AuthToken
    place: str
    """Where, in words for the person, e.g. このテレビ; shown at the next sign-in."""


class LastSignIn(Message, frozen=True):
    at: datetime
    place: str


class SignedIn(Message, frozen=True, tag_field="kind", tag="signed_in"):
    session: str
    """Opaque; sent as `Authorization: Bearer`. In memory only, on both sides; ends after `lifetime_s` unused, or by
    POST /portal/sign-out (no message, always 204)."""
    lifetime_s: int
    name: str
    last_sign_in: LastSignIn | None
    """None the first time."""
    unread_notices: int


class NotRegistered(Message, frozen=True, tag_field="kind", tag="not_registered"):
    """The card is in order but has no folder yet. The ticket opens one, once, within five minutes."""

    ticket: str


SignInAnswer = SignedIn | NotRegistered


class Registration(Message, frozen=True):
    """POST /portal/registrations -> SignedIn. Opens the folder of the person whose card gave the ticket."""

    ticket: str
    place: str


class CounterRegistration(Message, frozen=True):
    """POST /portal/counter-registrations (signed by a municipality) -> 204. The folder opens with the card."""

    certificate: str
    """Base64 of the user authentication certificate, DER."""
    partners: tuple[str, ...]
    """Companies the resident lets in on the paper form, by partner id."""


class SenderKind(Enum):
    MUNICIPALITY = "municipality"
    AGENCY = "agency"
    COMPANY = "company"


class NoticeHead(Message, frozen=True):
    id: str
    sender: str
    sender_kind: SenderKind
    title: str
    arrived_at: datetime
    opened: bool
    legal_effect: bool


class NoticeList(Message, frozen=True):
    """GET /portal/notices. Newest first."""

    notices: tuple[NoticeHead, ...]


class Notice(Message, frozen=True):
    """GET /portal/notices/{id}. Reading it records the opening."""

    head: NoticeHead
    summary: tuple[str, ...]
    """At most three lines."""
    body: str
    """Plain text; markup in it is shown as text."""


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


class RecordSentence(Message, frozen=True):
    """A record as the portal tells it."""

    record: Record
    sentence: str
    reason: str


class RecordList(Message, frozen=True):
    """GET /portal/records. Newest first."""

    records: tuple[RecordSentence, ...]


class PortalDelivery(Message, frozen=True):
    """POST /portal/deliveries (signed by the gateway) -> 204. A notice for the holder of the portal's own symbol."""

    symbol: str
    transaction_number: str
    sender: str
    sender_kind: SenderKind
    draft: NoticeDraft


class NoticeDraft(Message, frozen=True):
    title: str
    summary: tuple[str, ...]
    body: str
    legal_effect: bool = False


class PartnerNotice(Message, frozen=True):
    """POST /portal/partner-notices (signed by a partner) -> 204. `not_allowed` unless let in."""

    handle: str
    """The partner's own name for the resident, given when it was let in; means nothing to anybody else."""
    draft: NoticeDraft


class PartnerHandles(Message, frozen=True):
    """GET /portal/partner-handles (signed by a partner): whom it may write to."""

    handles: tuple[str, ...]


# --- authority -------------------------------------------------------------------------------------------------------


class AcquisitionNumber(Message, frozen=True):
    """取得番号: a one-time number with which one body gets its own symbol for one person from the gateway."""

    number: str


class MatchRequest(Message, frozen=True):
    """POST /authority/acquisitions (signed by an agency) -> AcquisitionNumber. Matches by the four items."""

    items: FourItems


class IdentityRequest(Message, frozen=True):
    """POST /authority/confirmations (signed by a registered verifier) -> Identity."""

    certificate_serial: str
    """Decimal."""


class Identity(Message, frozen=True):
    """本人確認: who holds the certificate, and a number with which the verifier gets its own symbol."""

    items: FourItems
    acquisition: AcquisitionNumber


class Link(Message, frozen=True):
    """POST /authority/links (signed by the gateway, an AcquisitionNumber) -> this, once.

    `person` is a pseudonym between authority and gateway: Base64 of 12 bytes; it is not the Individual Number, nor can
    the number be found from it without the authority's key.
    """

    person: str
    for_body: str
    """The body that may have a symbol for it."""


# --- gateway ---------------------------------------------------------------------------------------------------------


class SymbolGrant(Message, frozen=True):
    """POST /gateway/symbols (signed by an agency or the portal, an AcquisitionNumber) -> this."""

    symbol: str
    """Lower-case hex of 33 bytes: version ‖ AES-SIV. Belongs to the asking body alone."""


class ExchangeRequest(Message, frozen=True):
    """POST /gateway/exchanges (signed by the requester) -> ExchangeAnswer."""

    law: str
    """Id of the law-table entry (事務, 情報の種類, 照会, 提供)."""
    symbol: str
    """The requester's own."""


class ExchangeAnswer(Message, frozen=True):
    transaction_number: str
    data_as_of: date
    payload: dict[str, str]


class ProvideRequest(Message, frozen=True):
    """POST /agencies/{id}/provide (signed by the gateway) -> Provided."""

    transaction_number: str
    symbol: str
    """The provider's own."""
    kind: str


class Provided(Message, frozen=True):
    data_as_of: date
    payload: dict[str, str]


class NoticeRequest(Message, frozen=True):
    """POST /gateway/notices (signed by an agency) -> 204. Carried to the portal under the portal's symbol."""

    symbol: str
    draft: NoticeDraft


class RecordsRequest(Message, frozen=True):
    """POST /gateway/records (signed by the portal) -> GatewayRecords."""

    symbol: str


class GatewayRecords(Message, frozen=True):
    records: tuple[Record, ...]


# --- medical ---------------------------------------------------------------------------------------------------------


class HealthConsent(Message, frozen=True):
    """What the patient lets this facility see for 24 hours. Nothing unless said."""

    medicines: bool = False
    treatment: bool = False
    checkup: bool = False


class EligibilityRequest(Message, frozen=True):
    """POST /medical/eligibility -> Eligibility. By certificate serial, never by number."""

    nonce: str
    token: AuthToken
    facility: str
    consent: HealthConsent


class Validity(Enum):
    """QualificationValidity (OQSCD006). Source: shared card reference, section 8.2."""

    VALID = "1"
    INVALID = "2"
    REPLACED = "3"
    NONE = "4"
    SEVERAL = "5"
    VALID_MEDICAL_AID = "6"


class Insurance(Message, frozen=True):
    """The fields of the answer that the desk needs, named after the published elements."""

    insurer_number: str
    insurer_name: str
    insured_card_symbol: str
    insured_identification_number: str
    insured_branch_number: str
    personal_family: str
    """1 the insured person, 2 family."""
    name: str
    name_kana: str
    birth_date: date
    partial_contribution_percent: int
    valid_from: date
    valid_to: date | None


class Eligibility(Message, frozen=True):
    validity: Validity
    insurance: Insurance | None
    """Set for VALID and VALID_MEDICAL_AID."""
    consent: HealthConsent
    consent_ends_at: datetime | None
    reception_number: str


class Health(Message, frozen=True):
    """GET /health of the whole backend and of each body."""

    ok: bool
    bodies: dict[str, bool]


def text_to_sign(origin: str, nonce: str, algorithm: str = "RS256") -> bytes:
    """What the card signs for an AuthToken, hashed by the algorithm's own hash: 64 bytes for RS256, 96 for ES384."""
    digest = {"RS256": sha256, "ES384": sha384}[algorithm]
    return digest(origin.encode()).digest() + digest(nonce.encode()).digest()
