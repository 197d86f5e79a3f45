"""The card manager: selected at power-up, no files, a few data objects. Source: card reference, sections 3 and 3.5."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.software_card import cv_authority as cv
from drivers.software_card.files import Application
from drivers.software_card.issued import Issued
from drivers.software_card.profile import Holder

AID = bytes.fromhex("A0000001510000")

CARD_ID = 0x0045
MUNICIPALITY = 0x00F0
VALID_UNTIL = 0x00F2
OFFICE_KEY_ID = 0x00F7
OFFICE_CERTIFICATE = 0x00F8
LOWER_CERTIFICATE = 0x7F21
CONTACT_ATR = 0x5F51

_NOWHERE = b"99999"
"""Municipality codes begin with a prefecture's number, 01 to 47: this one can belong to no town."""
_FAR_OFF = b"20991231"
_CARD_KEY = "9000101"
"""The subject of 7F21."""


def lower_certificate(authority: cv.CvAuthority, card_key: RSAPublicKey) -> bytes:
    """7F21, by the key that 00F8 certifies. That it is for the common application's key is inferred: whose it really is
    nobody says, and that key's public half stands nowhere else on the card.
    """
    return authority.certificate(cv.OFFICE, _CARD_KEY, card_key)


def manager(card_id: str, contact_atr: bytes) -> Application:
    """A card of nobody's. The ATR comes back without its first byte TS, as measured on hardware (section 2)."""
    objects = {
        CARD_ID: card_id.encode("ascii"),
        MUNICIPALITY: _NOWHERE,
        VALID_UNTIL: _FAR_OFF,
        CONTACT_ATR: contact_atr[1:],
    }
    return Application(AID, objects=objects)


def holders_manager(card_id: str, contact_atr: bytes, holder: Holder, issued: Issued) -> Application:
    """A card of somebody's; older ones have no 7F21."""
    lower = {LOWER_CERTIFICATE: issued.lower_certificate} if issued.lower_certificate else {}
    objects = {
        **manager(card_id, contact_atr).objects,
        MUNICIPALITY: holder.municipality.encode("ascii"),
        VALID_UNTIL: f"{holder.valid_until:%Y%m%d}".encode("ascii"),
        OFFICE_KEY_ID: cv.key_id(cv.OFFICE),
        OFFICE_CERTIFICATE: issued.office_certificate,
        **lower,
    }
    return Application(AID, objects=objects)
