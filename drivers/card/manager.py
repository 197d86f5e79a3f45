"""The card manager and its data objects, free for all to read. Source: card reference, section 3.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.apdu import Response, command
from drivers.card.application import CardApplication, expect_ok
from drivers.card.certificate_cv import Anchors, CvCertificate, KeyId, parse_certificate
from drivers.card.holder import digits, parse_day

_NO_SUCH_OBJECT = 0x6A88
_WRONG_LENGTH = 0x6700
_LONGEST_LE = b"\x00\x00\x00"
_TS = b"\x3b"
"""First byte of every contact ATR in the card reference; the object leaves it out."""


class DataObject(IntEnum):
    """P1P2 of GET DATA."""

    ISSUER = 0x0042
    CARD_ID = 0x0045
    RECOGNITION = 0x0066
    MUNICIPALITY = 0x00F0
    VALID_UNTIL = 0x00F2
    KEY_ID = 0x00F7
    CERTIFICATE = 0x00F8
    LOWER_CERTIFICATE = 0x7F21
    CONTACT_ATR = 0x5F51


@dataclass(frozen=True, slots=True)
class ManagerData:
    """Each object as far as the card has it; cards differ."""

    issuer: bytes | None
    card_id: str | None
    recognition: bytes | None
    municipality: str | None
    """5 digits, without the check digit."""
    valid_until: date | None
    key_id: KeyId | None
    """Of the key that `certificate` is for."""
    certificate: CvCertificate | None
    """An authority's, for the key below it."""
    lower_certificate: CvCertificate | None
    """That key's, for the next one; older cards have none."""
    contact_atr: bytes | None

    def checked(self, anchors: Anchors) -> RSAPublicKey | None:
        """The key at the chain's lower end, followed down from an authority; None without any. Raises NotGenuine."""
        if self.certificate is None:
            return None
        key = self.certificate.checked(anchors)
        if self.lower_certificate is None:
            return key
        return self.lower_certificate.checked({self.certificate.subject.raw: key})


class CardManager(CardApplication):
    """The application that power-up selects; selecting it leaves every other."""

    AID = bytes.fromhex("A0000001510000")

    async def data(self) -> ManagerData:
        """Read every object there is."""
        raw = {name: await self.data_object(name) for name in DataObject}
        card_id, town = raw[DataObject.CARD_ID], raw[DataObject.MUNICIPALITY]
        until, key_id = raw[DataObject.VALID_UNTIL], raw[DataObject.KEY_ID]
        upper, lower = raw[DataObject.CERTIFICATE], raw[DataObject.LOWER_CERTIFICATE]
        atr = raw[DataObject.CONTACT_ATR]
        return ManagerData(
            issuer=raw[DataObject.ISSUER],
            card_id=None if card_id is None else card_id.decode("ascii", "replace"),
            recognition=raw[DataObject.RECOGNITION],
            municipality=None if town is None else digits(town, 5),
            valid_until=None if until is None else parse_day(until),
            key_id=None if key_id is None else KeyId(key_id),
            certificate=None if upper is None else parse_certificate(upper),
            lower_certificate=None if lower is None else parse_certificate(lower),
            contact_atr=None if atr is None else _TS + atr,
        )

    async def data_object(self, name: DataObject) -> bytes | None:
        """GET DATA; None if the card has no such object. Large ones are asked for again, in the extended form."""
        response = await self._get(name, b"\x00")
        if response.sw == _WRONG_LENGTH:
            response = await self._get(name, _LONGEST_LE)
        if response.sw == _NO_SUCH_OBJECT:
            return None
        return expect_ok(f"get data {name:04X}", response)

    async def _get(self, name: DataObject, le: bytes) -> Response:
        return await self.exchange(command(0x00, 0xCA, name >> 8, name & 0xFF) + le)
