"""The card manager: selected at power-up, no files, a few data objects. Source: card reference, sections 3 and 3.5."""

from __future__ import annotations

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
CONTACT_ATR = 0x5F51

_NOWHERE = b"99999"
"""Municipality codes begin with a prefecture's number, 01 to 47: this one can belong to no town."""
_FAR_OFF = b"20991231"


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
    """A card of somebody's. Without 7F21, as older cards are: whose key it certifies is not known."""
    objects = {
        **manager(card_id, contact_atr).objects,
        MUNICIPALITY: holder.municipality.encode("ascii"),
        VALID_UNTIL: f"{holder.valid_until:%Y%m%d}".encode("ascii"),
        OFFICE_KEY_ID: cv.key_id(cv.OFFICE),
        OFFICE_CERTIFICATE: issued.office_certificate,
    }
    return Application(AID, objects=objects)
