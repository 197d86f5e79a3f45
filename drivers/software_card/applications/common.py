"""共通カードAP: the card's own number, and a key that signs for anybody. Source: card reference, section 3.5."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from drivers.software_card import cv_authority as cv
from drivers.software_card.files import CHANGE_KEY, Application, KeyFile, KeyUse, PinFile, RecordFile, by_fid
from drivers.software_card.profile import Holder
from drivers.software_card.status import NO_SESSION_KEY_HERE

AID = bytes.fromhex("D3921000310001010100")

CARD, KEY_ID, KEY, PIN = 0x01, 0x02, 0x19, 0x1C


def common(holder: Holder, pin: str, key: RSAPrivateKey) -> Application:
    files = by_fid(
        RecordFile(CARD, (card_record(holder),)),
        RecordFile(KEY_ID, (cv.key_id(cv.MANAGER),)),
        KeyFile(KEY, key, use=KeyUse.INTERNAL_AUTHENTICATE),
        PinFile(PIN, "common", pin.encode("ascii")),
    )
    return Application(AID, files, change=CHANGE_KEY, delivery=NO_SESSION_KEY_HERE)


def card_record(holder: Holder) -> bytes:
    """A simple TLV of 28 digits: the card's number, its municipality and its last day."""
    digits = f"{holder.card_number}{holder.municipality}{holder.valid_until:%Y%m%d}"
    return bytes((0x01, len(digits))) + digits.encode("ascii")
