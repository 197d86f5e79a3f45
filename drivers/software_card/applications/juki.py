"""住基AP: a key id and a PIN. What lies behind further authentication is not public and is not here.

Source: card reference, section 3.4.
"""

from __future__ import annotations

from drivers.software_card import cv_authority as cv
from drivers.software_card.files import CHANGE_KEY, Application, PinFile, RecordFile, by_fid
from drivers.software_card.status import NOT_VERIFIED

AID = bytes.fromhex("D3921000310001010401")

KEY_ID, PIN = 0x02, 0x1C


def juki(pin: str) -> Application:
    files = by_fid(RecordFile(KEY_ID, (cv.key_id(cv.MANAGER),)), PinFile(PIN, "juki", pin.encode("ascii")))
    return Application(AID, files, change=CHANGE_KEY, delivery=NOT_VERIFIED)
