"""券面事項確認AP: what is printed on the card's face, signed. Source: card reference, section 3.3.

EF 0006, 001A, 001C and 001E, which nobody understands, are left out.
"""

from __future__ import annotations

from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo

from drivers.software_card import cv_authority as cv
from drivers.software_card.applications.text import with_offsets
from drivers.software_card.files import Application, DataFile, KeyFile, PinFile, by_fid
from drivers.software_card.issued import Issued
from drivers.software_card.pictures import bar_png, digits_png, no_photo_jp2
from drivers.software_card.profile import Holder
from drivers.software_card.status import NO_SESSION_KEY_HERE
from drivers.tlv import encode

AID = bytes.fromhex("D3921000310001010402")

AGE, FACE, BASIC, CV_CERTIFICATE, NUMBER = 0x01, 0x02, 0x03, 0x04, 0x05
BIRTH_DATE, MATCH_B, MATCH_A = 0x11, 0x12, 0x13

_NO_FID = 0x00
"""The card's key answers to P2 00; whether it has a file id is not known."""
_THREE_DIGESTS = bytes.fromhex("3071300D060960864801650304020105000460")
"""A DigestInfo as PKCS #1 has it, but for three digests in a row: OCTET STRING of 96 bytes."""


def visual(holder: Holder, key: RSAPrivateKey, issued: Issued) -> Application:
    files = by_fid(
        DataFile(AGE, issued.age, opened_by=(BIRTH_DATE,)),
        DataFile(FACE, issued.face, opened_by=(MATCH_A, MATCH_B)),
        DataFile(BASIC, basic_file(holder)),
        DataFile(CV_CERTIFICATE, issued.face_certificate),
        DataFile(NUMBER, issued.number, opened_by=(MATCH_A,)),
        PinFile(BIRTH_DATE, "birth-date", holder.birth_date_key.encode("ascii")),
        PinFile(MATCH_B, "visual-b", holder.match_b.encode("ascii")),
        PinFile(MATCH_A, "visual-a", holder.number.encode("ascii")),
    )
    return Application(AID, files, own_key=KeyFile(_NO_FID, key), delivery=NO_SESSION_KEY_HERE)


def age_file(holder: Holder, public: bytes, office: RSAPrivateKey) -> bytes:
    """EF 0001: birth date and the card's key, signed."""
    signed = encode(0xDF11, f"{holder.birth_date:%Y%m%d}".encode("ascii")) + encode(0xDF12, public)
    return encode(0xFF10, signed + encode(0xDF13, cv.signature(office, signed)))


def face_file(holder: Holder, public: bytes, office: RSAPrivateKey) -> bytes:
    """EF 0002: the face. How many places its offset table has is inferred: one for each object after it."""
    birth_date, valid_until = (f"{day:%Y%m%d}".encode("ascii") for day in (holder.birth_date, holder.valid_until))
    person = [encode(0xDF22, birth_date), encode(0xDF23, holder.sex.encode("ascii")), encode(0xDF24, public)]
    texts = [encode(0xDF25, bar_png(holder.printed_name)), encode(0xDF26, bar_png(holder.address))]
    photo = [encode(0xDF27, no_photo_jp2())]
    digests = b"".join(sha256(b"".join(segment)).digest() for segment in (person, texts, photo))
    signature = [encode(0xDF28, office.sign(_THREE_DIGESTS + digests, PKCS1v15(), NoDigestInfo()))]
    unsigned = [encode(0xDF29, valid_until), encode(0xDF2A, digits_png(holder.security_code))]
    return with_offsets(0xFF20, 0xDF21, person + texts + photo + signature + unsigned)


def number_file(holder: Holder, public: bytes, office: RSAPrivateKey) -> bytes:
    """EF 0005: a picture of the individual number and the card's key, signed."""
    signed = encode(0xDF41, digits_png(holder.number)) + encode(0xDF42, public)
    return encode(0xFF40, signed + encode(0xDF43, cv.signature(office, signed)))


def basic_file(holder: Holder) -> bytes:
    """EF 0003. The 256 bytes after the second key id are opaque on a real card, filler here."""
    key = cv.key_id(cv.FACE)
    objects = (bytes.fromhex("06030E01"), key, b"\x01", holder.municipality.encode("ascii"), key + b"\xff" * 256)
    return encode(0xFF30, b"".join(encode(0xDF31 + n, value) for n, value in enumerate(objects)))
