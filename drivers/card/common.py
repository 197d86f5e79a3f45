"""共通カードAP: the card's own number, and a key that signs for anybody. Source: card reference, section 3.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from drivers.apdu import command
from drivers.card.application import CHANGE_KEY, SHORT_EF, CardApplication, expect_signature
from drivers.card.certificate_cv import KeyId
from drivers.card.holder import digits, parse_day
from drivers.errors import BadAnswer, Pin

_CARD, _KEY_ID = 0x01, 0x02
_KEY = SHORT_EF | 0x19
_HEADER = bytes((0x01, 28))


@dataclass(frozen=True, slots=True)
class CardNumber:
    """Which card it is: 15 digits, 5 of the municipality (no check digit), and its last day."""

    number: str
    municipality: str
    valid_until: date


class Common(CardApplication):
    """The common application, selected on one connection.

    Its PIN is one of the two that people know as 住基用: the resident application keeps the other, and both are
    changed one after the other.
    """

    AID = bytes.fromhex("D3921000310001010100")
    PIN_FILE: ClassVar = {Pin.REGISTER: SHORT_EF | 0x1C}
    CHANGE = CHANGE_KEY

    async def card_number(self) -> CardNumber:
        """Read the first record of EF 0001 (no PIN)."""
        return parse_card_number(await self._record("card number", _CARD, 1))

    async def key_id(self) -> KeyId:
        """Read the record of EF 0002 (no PIN)."""
        return KeyId(await self._record("key id", _KEY_ID, 1))

    async def internal_authenticate(self, challenge: bytes) -> bytes:
        """sha256WithRSA over 1-255 bytes, no PIN. The key's public half is nowhere on the card: nobody can judge it."""
        response = await self.exchange(command(0x00, 0x88, 0x00, _KEY, challenge, 256))
        return expect_signature("internal authentication", response)


def parse_card_number(record: bytes) -> CardNumber:
    """A simple TLV of 28 digits. Raises BadAnswer."""
    if record[:2] != _HEADER:
        raise BadAnswer("no card number")
    text = digits(record[2:], 28)
    return CardNumber(text[:15], text[15:20], parse_day(record[22:]))
