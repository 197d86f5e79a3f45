"""券面事項入力補助AP: the individual number and the four items as text, and the record that vouches for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers import tlv
from drivers.card import certificate_cv as cv
from drivers.card.application import SHORT_EF, CardApplication
from drivers.card.holder import Sex, parse_day, parse_number, parse_sex
from drivers.errors import BadAnswer, NotGenuine, Pin

# Source: card reference, section 3.2.
_NUMBER = SHORT_EF | 0x01
_ITEMS = SHORT_EF | 0x02
_INTEGRITY = SHORT_EF | 0x03
_CV_CERTIFICATE = SHORT_EF | 0x04
_AP_KEY = SHORT_EF | 0x07
_NUMBER_SIZE = 17
_NUMBER_FILLER = b"\xff\xff"
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Number:
    """EF 0001. `number` are 12 digits; `file` are all 17 bytes, filler included: what the record's digest covers."""

    number: str = field(repr=False)
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FourItems:
    """EF 0002. Family and given name stand apart by U+3000, if the card has both. `signed` is what a digest covers."""

    name: str
    address: str
    birth_date: date
    sex: Sex
    signed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Integrity:
    """EF 0003: digests of the other two files, signed."""

    number_digest: bytes
    items_digest: bytes
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class ApplicationKey:
    """EF 0007: the public half of the application's own key, vouched for by the key of EF 0004."""

    key: RSAPublicKey
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is needed to judge what the application said."""

    certificate: cv.CvCertificate
    application_key: ApplicationKey
    integrity: Integrity

    def check(self, anchors: cv.Anchors, number: Number | None = None, items: FourItems | None = None) -> None:
        """Follow the chain from an authority down to each of what is given. Raises NotGenuine.

        That EF 0004's key signs DF51, and the application's key the record, is inferred: no source says so in words.
        """
        issuer, own = self.certificate.checked(anchors), self.application_key
        cv.check_signature("application key", issuer, own.signature, own.signed)
        cv.check_signature("integrity record", own.key, self.integrity.signature, self.integrity.signed)
        if number and sha256(number.file).digest() != self.integrity.number_digest:
            raise NotGenuine("individual number")
        if items and sha256(items.signed).digest() != self.integrity.items_digest:
            raise NotGenuine("four items")


class TextSupport(CardApplication):
    """The text application, selected on one connection. Source: card reference, sections 3.2, 4 and 5."""

    AID = bytes.fromhex("D3921000310001010408")
    PIN_FILE: ClassVar = {
        Pin.TEXT_SUPPORT: SHORT_EF | 0x11,
        Pin.MATCH_A: SHORT_EF | 0x14,
        Pin.MATCH_B: SHORT_EF | 0x15,
    }

    async def number(self) -> Number:
        """Read the 個人番号; needs the PIN or match number A."""
        return parse_number_file(await self._read("individual number", _NUMBER, _NUMBER_SIZE))

    async def four_items(self) -> FourItems:
        """Read the 基本4情報; needs the PIN or match number B."""
        return parse_items(await self._read_object("four items", _ITEMS, 0xFF20, _LONGEST))

    async def evidence(self) -> Evidence:
        """Read what vouches for both; needs the PIN, match number A or B. Unjudged: `check` it."""
        return Evidence(
            cv.parse_certificate(await self._read_object("certificate", _CV_CERTIFICATE, cv.TAG, _LONGEST)),
            parse_application_key(await self._read_object("application key", _AP_KEY, 0xFF50, _LONGEST)),
            parse_integrity(await self._read_object("integrity record", _INTEGRITY, 0xFF30, _LONGEST)),
        )

    async def authenticate(self, nonce: bytes, key: RSAPublicKey) -> None:
        """Have the card sign `nonce` with the application's key, no PIN. Raises NotGenuine if `key` did not."""
        cv.check_signature("internal authentication", key, await self._sign(0, nonce), nonce)


def parse_number_file(file: bytes) -> Number:
    """Read EF 0001 whole. Raises BadAnswer."""
    found, filler = tlv.split(file)
    if found.tag != 0xFF10 or filler != _NUMBER_FILLER:
        raise BadAnswer("no individual number")
    return Number(parse_number(found.value), file)


def parse_items(file: bytes) -> FourItems:
    """Read EF 0002; its offset table must agree with where the items are. Raises BadAnswer."""
    table, *items = tlv.values(file_value(file, 0xFF20), 0xDF21, 0xDF22, 0xDF23, 0xDF24, 0xDF25)
    check_offsets(file, table, items)
    name, address, birth_date, sex = (item.value for item in items)
    signed = b"".join(item.encoded for item in items)
    return FourItems(_utf8(name), _utf8(address), parse_day(birth_date), parse_sex(sex), signed)


def parse_integrity(file: bytes) -> Integrity:
    """Read EF 0003. Raises BadAnswer."""
    number, items, signature = tlv.values(file_value(file, 0xFF30), 0xDF31, 0xDF32, 0xDF33)
    return Integrity(number.value, items.value, number.encoded + items.encoded, signature.value)


def parse_application_key(file: bytes) -> ApplicationKey:
    """Read EF 0007. Raises BadAnswer."""
    key, signature = tlv.values(file_value(file, 0xFF50), 0xDF51, 0xDF52)
    return ApplicationKey(cv.parse_key(key.value), key.encoded, signature.value)


def file_value(file: bytes, tag: int) -> bytes:
    """The inside of a file that is one object. Raises BadAnswer."""
    (outer,) = tlv.values(file, tag)
    return outer.value


def check_offsets(file: bytes, table: tlv.Tlv, objects: list[tlv.Tlv]) -> None:
    """Offsets of 16 bits, counted from the file's first byte, one for each of `objects`. Raises BadAnswer."""
    place, places = len(file) - sum(len(each.encoded) for each in objects), b""
    for each in objects:
        places += place.to_bytes(2)
        place += len(each.encoded)
    if table.value != places:
        raise BadAnswer("an offset table that points elsewhere")


def _utf8(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadAnswer("text that is not UTF-8") from exc
