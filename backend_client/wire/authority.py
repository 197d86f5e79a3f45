"""The authority: who somebody is, for those registered to ask; certificates, numbers and companies."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import msgspec

from backend_client.wire.basic import Base64, Count, FourItems, MaybeText, Message, Moment, Serial, Text, whole

Reference = Annotated[str, whole("[0-9A-Za-z-]{1,64}", 64)]
"""A municipality's own name for one of its residents, or a machine's id."""
Digits = Annotated[str, whole("[0-9]{0,13}", 13)]


class CertificateKind(Enum):
    """What a certificate is for; the value is also the name of its files."""

    AUTHENTICATION = "auth"
    """利用者証明用."""
    SIGNATURE = "sign"
    """署名用."""


class AcquisitionNumber(Message, frozen=True):
    """取得番号: a one-time number with which one body gets its own symbol for one person from the gateway."""

    number: str
    handle: str = ""
    """Names the person between the authority and this one body, for `Synchronisation`; not a symbol, not a number."""


class MatchRequest(Message, frozen=True):
    """POST /authority/acquisitions (signed by an agency) -> AcquisitionNumber. Matches by the four items."""

    items: FourItems


class MatchBatch(Message, frozen=True):
    """POST /authority/acquisition-batches (signed by an agency) -> AcquisitionBatch. All or none."""

    people: Annotated[tuple[FourItems, ...], msgspec.Meta(min_length=1, max_length=1000)]


class AcquisitionBatch(Message, frozen=True):
    """Of several people, in the order asked."""

    numbers: Annotated[tuple[AcquisitionNumber, ...], msgspec.Meta(min_length=1, max_length=1000)]


class IdentityRequest(Message, frozen=True):
    """POST /authority/confirmations (signed by a registered verifier) -> Identity."""

    certificate_serial: Serial
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


class LinkBatch(Message, frozen=True):
    """POST /authority/link-batches (signed by the gateway, an AcquisitionBatch) -> this, in its order. All or none."""

    links: tuple[Link, ...]


# --- confirmations, for registered verifiers


class CertificateState(Enum):
    GOOD = "good"
    STOPPED = "stopped"
    """For a time: the holder lost the card, or called."""
    REVOKED = "revoked"
    EXPIRED = "expired"


class StatusRequest(Message, frozen=True):
    """POST /authority/status-confirmations (signed by a verifier) -> CertificateStatus."""

    kind: CertificateKind
    certificate_serial: Serial


class CertificateStatus(Message, frozen=True):
    """資格確認: whether a certificate stands now."""

    state: CertificateState
    since: Moment
    """When it came into this state."""


class Item(Enum):
    """One of the four items."""

    NAME = "name"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    SEX = "sex"


class ChangeRequest(Message, frozen=True):
    """POST /authority/change-confirmations (signed by a verifier) -> Changed."""

    kind: CertificateKind
    certificate_serial: Serial
    since: Moment


class Changed(Message, frozen=True):
    """変更確認: which of the four items changed since then, not to what. The certificate need not stand any more."""

    items: tuple[Item, ...]
    registered: bool
    """False when the person has died or left the country."""


class LinkRequest(Message, frozen=True):
    """POST /authority/certificate-links (signed by a verifier) -> CertificateLinks."""

    kind: CertificateKind
    certificate_serial: Serial


class CertificateLinks(Message, frozen=True):
    """The certificates of one person, by serial number: so an account survives a renewal."""

    authentication: str
    """The newest that stands; empty when there is none."""
    signature: str
    """The newest that stands; empty when there is none."""
    earlier: tuple[str, ...]
    """Those that the one asked about renewed, the nearest first."""
    later: tuple[str, ...]
    """Those that renewed it, the nearest first."""


class SignedConsent(Message, frozen=True):
    """The holder's own word, signed by the user authentication key over `consent_text`, fresh."""

    certificate_serial: Serial
    given_at: Moment
    until: Moment
    signature: Base64
    """Base64, as in AuthToken."""


class LatestRequest(Message, frozen=True):
    """POST /authority/latest-items (signed by a verifier) -> LatestItems. `consent_missing` without a consent.

    A signed consent counts when it is presented within ten minutes, and is then kept; later requests for the same
    purpose need none.
    """

    kind: CertificateKind
    certificate_serial: Serial
    purpose: Text
    consent: SignedConsent | None = None


class LatestItems(Message, frozen=True):
    """最新の4情報, and the certificate of the same kind that stands now (empty: none)."""

    items: FourItems
    certificate_serial: str


class ItemsConsent(Message, frozen=True):
    """POST /authority/consents (signed by the portal) -> ItemsConsentKept. What a person signed in has consented to."""

    certificate_serial: Serial
    """Of the user authentication certificate."""
    verifier: Reference
    purpose: Text
    until: Moment


class ItemsConsentKept(Message, frozen=True):
    id: str


class ItemsConsentWithdrawal(Message, frozen=True):
    """POST /authority/consent-withdrawals (signed by the portal) -> 204."""

    id: Annotated[str, whole("[0-9a-f]{32}", 32)]


def consent_text(verifier: str, purpose: str, serial: str, given_at: datetime, until: datetime) -> bytes:
    """What the card signs for a SignedConsent: the words of the consent, one way to write them."""
    what = [verifier, purpose, serial, int(given_at.timestamp()), int(until.timestamp())]
    return b"madoguchi consent to the latest items 1\n" + msgspec.json.encode(what)


# --- the counter, for municipalities


class ResidentEntry(Message, frozen=True):
    """POST /authority/residents (signed by a municipality) -> 204. Somebody new; gets a resident code, never told."""

    reference: Reference
    items: FourItems
    kana: MaybeText


class ResidentEvent(Enum):
    CHANGED = "changed"
    """Name, address or a corrected item: `items` are the new ones."""
    DIED = "died"
    LEFT = "left"
    """The country."""


class ResidentChange(Message, frozen=True):
    """POST /authority/resident-changes (signed by a municipality) -> 204.

    Somebody whose items change has the signature certificate revoked with it; who dies or leaves, both certificates.
    A move from another municipality is told by the new one.
    """

    reference: Reference
    event: ResidentEvent
    at: Moment
    items: FourItems | None = None
    kana: MaybeText = ""


class CertificateApplication(Message, frozen=True):
    """POST /authority/certificates (signed by a municipality) -> IssuedCertificate."""

    reference: Reference
    kind: CertificateKind
    request: Base64
    """Base64 of a PKCS#10 request, DER, signed with its own key; its name does not matter."""
    renews: Annotated[str, whole("[0-9]{0,49}", 49)] = ""
    """The serial number that this one takes the place of, which is then superseded."""


class IssuedCertificate(Message, frozen=True):
    certificate: str
    """Base64 of DER, as is the next."""
    ca: str


class CertificateAct(Enum):
    STOP = "stop"
    RELEASE = "release"
    REVOKE = "revoke"


class RevocationReason(Enum):
    """As RFC 5280 spells them; those that a counter can have."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION = "cessationOfOperation"


class CertificateOrder(Message, frozen=True):
    """POST /authority/certificate-orders (signed by a municipality) -> 204. `not_possible` in the wrong state."""

    kind: CertificateKind
    certificate_serial: Serial
    act: CertificateAct
    reason: RevocationReason = RevocationReason.UNSPECIFIED
    """Of a revocation."""


class NumberRequest(Message, frozen=True):
    """POST /authority/number-letters and /authority/number-changes (signed by a municipality) -> NumberLetter.

    A change is for a number that has leaked: the person stays, the old number is never given out again.
    """

    reference: Reference


class NumberLetter(Message, frozen=True):
    """What is printed and handed over: the Individual Number, sealed to the municipality that asked (HPKE)."""

    sealed: str
    """Base64; the context is b"number letter " and the municipality's id."""


# --- changes for agencies


class Synchronisation(Message, frozen=True):
    """POST /authority/synchronisations (signed by an agency) -> PersonChanges. What became of its own people."""

    after: Count
    """The last `cursor`; 0 at first. The cursor counts this agency's changes alone."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1000


class PersonChange(Message, frozen=True):
    handle: str
    """As in the AcquisitionNumber."""
    event: ResidentEvent
    on: date
    items: FourItems | None
    """As they stand now; None for somebody who is no longer registered."""


class PersonChanges(Message, frozen=True):
    """Oldest first."""

    changes: tuple[PersonChange, ...]
    cursor: int
    more: bool


# --- companies, for everybody


class Company(Message, frozen=True):
    """The three basic items, and whether it is still there."""

    number: str
    name: str
    address: str
    registered_on: date
    closed_on: date | None
    closed_because: str


class CompanySearch(Message, frozen=True):
    """POST /authority/company-searches -> Companies. Public. Parts of name and address; what is empty is not asked."""

    number: Digits = ""
    name: MaybeText = ""
    address: MaybeText = ""
    after: Digits = ""
    """The `next` of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class Companies(Message, frozen=True):
    """By number."""

    companies: tuple[Company, ...]
    next: str
    """Empty on the last page."""


class CompanyEntry(Message, frozen=True):
    """POST /authority/companies (signed by the registrar) -> Company."""

    name: Text
    address: Text
    registry_number: Annotated[str, whole("(?:[0-9]{12})?", 12)] = ""
    """会社法人等番号, 12 digits; empty for a body that has none."""


class CompanyChange(Message, frozen=True):
    """POST /authority/company-changes (signed by the registrar) -> Company. The number stays, whatever changes."""

    number: Digits
    name: MaybeText = ""
    address: MaybeText = ""
    closed_because: MaybeText = ""
    """Closes it, for good."""
