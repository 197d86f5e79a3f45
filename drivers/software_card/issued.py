"""What the issuing office put on one card and signed: kept as bytes, since the card itself cannot make it again."""

from __future__ import annotations

import msgspec


class Issued(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whole files and certificates, as the card's `issued.json` holds them."""

    office_certificate: bytes
    """For the card manager."""
    lower_certificate: bytes | None = None
    """7F21 of the card manager; None on older cards."""
    text_certificate: bytes
    text_key: bytes
    """EF 0007 of the text application."""
    face_certificate: bytes
    age: bytes
    face: bytes
    number: bytes
    """EF 0001, 0002 and 0005 of the face application."""
    terminal_authority: bytes
    """Public key of EF 0016 of the JPKI application, as it stands in certificates."""
