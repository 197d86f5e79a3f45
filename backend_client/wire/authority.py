"""The authority: who somebody is, for those registered to ask."""

from __future__ import annotations

from backend_client.wire.basic import FourItems, Message


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
