"""The card manager: selected at power-up, no files, a few data objects. Source: card reference, sections 3 and 3.5."""

from __future__ import annotations

from drivers.software_card.files import Application

AID = bytes.fromhex("A0000001510000")

CARD_ID = 0x0045
MUNICIPALITY = 0x00F0
VALID_UNTIL = 0x00F2
CONTACT_ATR = 0x5F51

_NOWHERE = b"99999"
"""Municipality codes begin with a prefecture's number, 01 to 47: this one can belong to no town."""
_FAR_OFF = b"20991231"


def manager(card_id: str, contact_atr: bytes) -> Application:
    """The ATR comes back without its first byte TS, as measured on hardware (card reference, section 2)."""
    objects = {
        CARD_ID: card_id.encode("ascii"),
        MUNICIPALITY: _NOWHERE,
        VALID_UNTIL: _FAR_OFF,
        CONTACT_ATR: contact_atr[1:],
    }
    return Application(AID, objects=objects)
