"""券面事項入力補助AP: the individual number and the four items as text, and the record that vouches for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from secrets import token_bytes
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card import certificate_cv as cv
from drivers.card.application import SHORT_EF, CardApplication, expect_ok
from drivers.card.holder import Sex, parse_day, parse_number, parse_sex
from drivers.card.layouts import (
    APPLICATION_KEY,
    DELIVERY_KEY,
    INTEGRITY,
    ITEMS,
    NUMBER,
    TEXT_CERTIFICATE,
    Layout,
)
from drivers.card.secure_messaging import SEED, SecuredConnection, SessionKey, delivery
from drivers.errors import BadAnswer, NotGenuine, Pin

_NUMBER_SIZE = 17
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
        return parse_number_file(await self._read(NUMBER.what, SHORT_EF | NUMBER.file, _NUMBER_SIZE))

    async def four_items(self) -> FourItems:
        """Read the 基本4情報; needs the PIN or match number B."""
        return parse_items(await self._file(ITEMS))

    async def evidence(self) -> Evidence:
        """Read what vouches for both; needs the PIN, match number A or B. Unjudged: `check` it."""
        return Evidence(
            await self.certificate(),
            parse_application_key(await self._file(APPLICATION_KEY)),
            parse_integrity(await self._file(INTEGRITY)),
        )

    async def delivery_key(self) -> RSAPublicKey:
        """Read EF 0006; needs the PIN, match number A or B. Nobody vouches for it."""
        return parse_delivery_key(await self._file(DELIVERY_KEY))

    async def secure(self, random: Callable[[int], bytes] = token_bytes) -> TextSupport:
        """Open a session of secure messaging; needs the PIN, sent in the clear: no match number will do.

        What is returned is the same application, and both take turns: it reads files and sends match numbers
        encrypted, and everything else as it is. The session ends with the next selection of an application and after
        any CardRefused of 6988, whereupon all it is asked for is CardRefused (69FC). Raises CardRefused.
        """
        key, seed = await self.delivery_key(), random(SEED)
        expect_ok("set session key", await self.exchange(delivery(key, seed)))
        secured = TextSupport(SecuredConnection(self.connection, self._layers, SessionKey(seed)))
        secured._turn = self._turn
        return secured

    async def certificate(self) -> cv.CvCertificate:
        """Read EF 0004 (no PIN): who vouches for the application's key. Unjudged."""
        return cv.parse_certificate(await self._file(TEXT_CERTIFICATE))

    async def authenticate(self, nonce: bytes, key: RSAPublicKey) -> None:
        """Have the card sign `nonce` with the application's key, no PIN. Raises NotGenuine if `key` did not."""
        cv.check_signature("internal authentication", key, await self._sign(0, nonce), nonce)

    async def _file(self, layout: Layout) -> bytes:
        return await self._read_object(layout.what, SHORT_EF | layout.file, layout.tag, _LONGEST)


def parse_number_file(file: bytes) -> Number:
    """Read EF 0001 whole. Raises BadAnswer."""
    (found,) = NUMBER.objects(file)
    return Number(parse_number(found.value), file)


def parse_items(file: bytes) -> FourItems:
    """Read EF 0002; its offset table must agree with where the items are. Raises BadAnswer."""
    items = ITEMS.objects(file)
    name, address, birth_date, sex = (item.value for item in items)
    signed = b"".join(item.encoded for item in items)
    return FourItems(_utf8(name), _utf8(address), parse_day(birth_date), parse_sex(sex), signed)


def parse_integrity(file: bytes) -> Integrity:
    """Read EF 0003. Raises BadAnswer."""
    number, items, signature = INTEGRITY.objects(file)
    return Integrity(number.value, items.value, number.encoded + items.encoded, signature.value)


def parse_delivery_key(file: bytes) -> RSAPublicKey:
    """Read EF 0006. Raises BadAnswer."""
    return cv.parse_key(b"".join(part.encoded for part in DELIVERY_KEY.objects(file)))


def parse_application_key(file: bytes) -> ApplicationKey:
    """Read EF 0007. Raises BadAnswer."""
    key, signature = APPLICATION_KEY.objects(file)
    return ApplicationKey(cv.parse_key(key.value), key.encoded, signature.value)


def _utf8(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadAnswer("text that is not UTF-8") from exc
