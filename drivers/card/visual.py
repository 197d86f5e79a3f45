"""券面事項確認AP: what is printed on the card's face, signed, and a key that shows the card is no copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import ClassVar, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.card import certificate_cv as cv
from drivers.card.application import SHORT_EF, CardApplication
from drivers.card.holder import Sex, parse_day, parse_sex
from drivers.card.layouts import AGE, FACE, FACE_CERTIFICATE, NUMBER_PICTURE, Layout
from drivers.errors import NotGenuine, Pin

_LONGEST = 0x7FFF
"""As far as READ BINARY can point."""
_THREE_DIGESTS: Final = bytes.fromhex("3071300D060960864801650304020105000460")
"""A DigestInfo as PKCS #1 has it, but for three digests in a row: OCTET STRING of 96 bytes."""


@dataclass(frozen=True, slots=True)
class AgeRecord:
    """EF 0001."""

    birth_date: date
    card_key: RSAPublicKey
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def check(self, issuer: RSAPublicKey) -> None:
        """Raises NotGenuine."""
        cv.check_signature("age record", issuer, self.signature, self.signed)


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """EF 0002. Pictures are PNG of 1 bit, the photo JPEG 2000. Expiry and security code are not signed."""

    birth_date: date
    sex: Sex
    card_key: RSAPublicKey
    name_png: bytes = field(repr=False)
    address_png: bytes = field(repr=False)
    photo_jp2: bytes = field(repr=False)
    valid_until: date
    security_code_png: bytes = field(repr=False)
    digests: bytes = field(repr=False)
    """SHA-256 of person, of texts and of photo: 96 bytes."""
    signature: bytes = field(repr=False)

    def check(self, issuer: RSAPublicKey) -> None:
        """Three segments under one signature. Raises NotGenuine."""
        try:
            signed = issuer.recover_data_from_signature(self.signature, PKCS1v15(), None)
        except InvalidSignature as exc:
            raise NotGenuine("face record") from exc
        if signed != _THREE_DIGESTS + self.digests:
            raise NotGenuine("face record")


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """EF 0005: the 個人番号 as a picture."""

    number_png: bytes = field(repr=False)
    card_key: RSAPublicKey
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def check(self, issuer: RSAPublicKey) -> None:
        """Raises NotGenuine."""
        cv.check_signature("number record", issuer, self.signature, self.signed)


class Visual(CardApplication):
    """The face application, selected on one connection. Source: card reference, sections 3.3, 4 and 5."""

    AID = bytes.fromhex("D3921000310001010402")
    PIN_FILE: ClassVar = {
        Pin.BIRTH_DATE: SHORT_EF | 0x11,
        Pin.MATCH_B: SHORT_EF | 0x12,
        Pin.MATCH_A: SHORT_EF | 0x13,
    }

    async def issuer(self, anchors: cv.Anchors) -> RSAPublicKey:
        """The key that signed this card's records, judged (no PIN). Raises NotGenuine.

        That the certificate of EF 0004 is this key's is inferred from the text application's.
        """
        return (await self.certificate()).checked(anchors)

    async def certificate(self) -> cv.CvCertificate:
        """Read EF 0004 (no PIN): who vouches for the records' signer. Unjudged: `issuer` judges it."""
        return cv.parse_certificate(await self._file(FACE_CERTIFICATE))

    async def age_record(self) -> AgeRecord:
        """Read birth date and the card's key; needs the birth-date key. Unjudged: `check` it."""
        return parse_age(await self._file(AGE))

    async def face_record(self) -> FaceRecord:
        """Read the whole face; needs match number A or B. Unjudged: `check` it."""
        return parse_face(await self._file(FACE))

    async def number_record(self) -> NumberRecord:
        """Read the picture of the number; needs match number A. Unjudged: `check` it."""
        return parse_number_record(await self._file(NUMBER_PICTURE))

    async def authenticate(self, nonce: bytes, card_key: RSAPublicKey) -> None:
        """Have the card sign `nonce` with its own key, no PIN. Raises NotGenuine if `card_key` did not."""
        cv.check_signature("internal authentication", card_key, await self._sign(0, nonce), nonce)

    async def _file(self, layout: Layout) -> bytes:
        return await self._read_object(layout.what, SHORT_EF | layout.file, layout.tag, _LONGEST)


def parse_age(file: bytes) -> AgeRecord:
    """Raises BadAnswer."""
    birth_date, key, signature = AGE.objects(file)
    signed = birth_date.encoded + key.encoded
    return AgeRecord(parse_day(birth_date.value), cv.parse_key(key.value), signed, signature.value)


def parse_face(file: bytes) -> FaceRecord:
    """Read EF 0002; its offset table must agree with where the objects are. Raises BadAnswer."""
    objects = FACE.objects(file)
    birth_date, sex, key, name, address, photo, signature, valid_until, code = (each.value for each in objects)
    segments = (objects[0:3], objects[3:5], objects[5:6])
    return FaceRecord(
        parse_day(birth_date),
        parse_sex(sex),
        cv.parse_key(key),
        name,
        address,
        photo,
        parse_day(valid_until),
        code,
        b"".join(sha256(b"".join(each.encoded for each in segment)).digest() for segment in segments),
        signature,
    )


def parse_number_record(file: bytes) -> NumberRecord:
    """Raises BadAnswer."""
    number, key, signature = NUMBER_PICTURE.objects(file)
    return NumberRecord(number.value, cv.parse_key(key.value), number.encoded + key.encoded, signature.value)
