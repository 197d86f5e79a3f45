"""つながる会社: what the kiosk asks of the authorization server for a person who is in by a pass."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Literal

import msgspec

from backend_client.wire.basic import Line, Message, Moment, Name, Serial, Text, whole

RequestNumber = Annotated[str, whole("[0-9]{6}", 6)]
"""What the company's page shows and the person types."""


class PartnerField(Enum):
    """One thing a company can be let see; a consent names them one by one."""

    ALIVE = "alive"
    """Proof of life."""
    FOUR_ITEMS = "four-items"
    AGE_OVER_20 = "age-over-20"
    """Yes or no, and no birth date."""
    SEX = "sex"
    ADDRESS_CHANGES = "address-changes"
    """Whether the address has changed since it was last asked, and to what."""
    NOTICES = "notices"
    """Headings of notices from municipalities and agencies, never their text."""
    HOUSEHOLD = "household-safety"
    """In a disaster alone: how many of the household have reported to be safe."""
    CERTIFICATES = "certificates"
    """The folder opened for reading: the certificates of the post box."""
    MAIL = "mail"
    """The folder opened for writing: letters and certificates of the company's."""


class GuestNotices(Message, frozen=True):
    """POST /portal/guest-notices (signed by the authorization server) -> NoticeList."""

    handle: Name
    """The authorization server's own name for the resident."""


class AddressData(Message, frozen=True):
    address: Text


class AddressEvent(Message, frozen=True):
    """POST /partners/{id}/address-events (signed by the authorization server) -> 204. CloudEvents 1.0; counts once by
    source and id. Sent in order to who subscribed to ADDRESS_CHANGES, while the consent stands.
    """

    specversion: Literal["1.0"]
    id: Annotated[str, whole("[0-9a-f]{32}", 32)]
    source: Line
    type: Literal["jp.symbol.address.changed"]
    subject: Name
    """The consent, as `identifier` in the token's authorization_details."""
    time: Moment
    data: AddressData


class SafetyRequest(Message, frozen=True):
    """POST /emergency/safety (signed by the authorization server) -> Safety."""

    certificate_serials: Annotated[tuple[Serial, ...], msgspec.Meta(min_length=1, max_length=50)]
    """Of one person; those that were renewed included."""


class Safety(Message, frozen=True):
    """What the person has reported for the household; not where they are."""

    people: int
    """Who says it included; 0 when nobody has reported."""
    at: datetime | None


class NumberTyped(Message, frozen=True):
    """POST /oauth/numbers (session) -> PartnerRequest. `not_found` for a number that nobody shows."""

    number: RequestNumber


class PartnerRequest(Message, frozen=True):
    """Who asks for what, why, and until when."""

    number: RequestNumber
    partner: str
    """The company's registered name."""
    purpose: str
    """As registered, in words for the person."""
    fields: tuple[PartnerField, ...]
    until: datetime
    """When the consent would end."""


class PartnerAnswer(Message, frozen=True):
    """POST /oauth/answers (session) -> PartnerAnswered. No field at all is a No."""

    number: RequestNumber
    fields: tuple[PartnerField, ...]


class PartnerAnswered(Message, frozen=True):
    check: str
    """Four digits to be typed on the company's page, by which both are before the same person; empty after a No."""


class PartnerRead(Message, frozen=True):
    """One look of a company at one field."""

    at: datetime
    field: PartnerField


class PartnerConsent(Message, frozen=True):
    """A consent in force, with everything read under it, newest first."""

    id: Name
    partner: str
    purpose: str
    fields: tuple[PartnerField, ...]
    given_at: datetime
    until: datetime
    reads: tuple[PartnerRead, ...]
    """At most a hundred."""


class PartnerConsents(Message, frozen=True):
    """GET /oauth/consents (session). Newest first."""

    consents: tuple[PartnerConsent, ...]


class PartnerConsentEnd(Message, frozen=True):
    """POST /oauth/consent-ends (session) -> PartnerConsents: those left. Quiet when it has ended already."""

    id: Annotated[Name, msgspec.Meta(min_length=1)]
