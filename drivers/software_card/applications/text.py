"""券面事項入力補助AP: number and four items as text, with an integrity record. Source: card reference, section 3.2.

Left out, since nobody understands them: EF 0008, 0010, 001C, 001E.
"""

from __future__ import annotations

from hashlib import sha256
from struct import pack

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from drivers.software_card import cv_authority as cv
from drivers.software_card.files import CHANGE_REFERENCE_DATA, Application, DataFile, KeyFile, KeyUse, PinFile, by_fid
from drivers.software_card.issued import Issued
from drivers.software_card.profile import Holder
from drivers.tlv import encode

AID = bytes.fromhex("D3921000310001010408")

NUMBER, ITEMS, INTEGRITY, CV_CERTIFICATE, BASIC, DELIVERY_KEY, AP_KEY = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07
PIN, DEAD, KEY, MATCH_A, MATCH_B = 0x11, 0x12, 0x13, 0x14, 0x15

_NO_FID = 0x00
"""Where the private half of EF 0006 stands is not known."""


def text(holder: Holder, pin: str, key: RSAPrivateKey, delivery: RSAPrivateKey, issued: Issued) -> Application:
    """`key` signs for the application; session keys are encrypted to `delivery`, and only the PIN lets one in."""
    number, items = number_file(holder.number), items_file(holder)
    all_three = (PIN, MATCH_A, MATCH_B)
    signing_key = KeyFile(KEY, key)
    files = by_fid(
        DataFile(NUMBER, number, opened_by=(PIN, MATCH_A)),
        DataFile(ITEMS, items, opened_by=(PIN, MATCH_B)),
        DataFile(INTEGRITY, integrity_file(number, items, key), opened_by=all_three),
        DataFile(CV_CERTIFICATE, issued.text_certificate),
        DataFile(BASIC, basic_file()),
        DataFile(DELIVERY_KEY, delivery_file(delivery.public_key()), opened_by=all_three),
        DataFile(AP_KEY, issued.text_key, opened_by=all_three),
        PinFile(PIN, "text", pin.encode("ascii")),
        PinFile(DEAD, "dead", b""),
        signing_key,
        PinFile(MATCH_A, "text-a", holder.number.encode("ascii")),
        PinFile(MATCH_B, "text-b", holder.match_b.encode("ascii")),
    )
    delivered_to = KeyFile(_NO_FID, delivery, opened_by=(PIN,), use=KeyUse.SESSION_KEY)
    return Application(AID, files, own_key=signing_key, change=CHANGE_REFERENCE_DATA, delivery=delivered_to)


def number_file(number: str) -> bytes:
    """EF 0001, 17 bytes: two bytes of filler belong to the file, and to its digest."""
    return encode(0xFF10, number.encode("ascii")) + b"\xff\xff"


def items_file(holder: Holder) -> bytes:
    """EF 0002: an offset table, counted from the file's first byte, and four texts."""
    texts = (holder.printed_name, holder.address, f"{holder.birth_date:%Y%m%d}", holder.sex)
    return with_offsets(0xFF20, 0xDF21, [encode(0xDF22 + n, text.encode()) for n, text in enumerate(texts)])


def with_offsets(tag: int, table: int, objects: list[bytes]) -> bytes:
    """An object that begins with the places, 16 bits each, of those after it in the file it stands in."""
    content = b"".join(objects)
    # The table has one size, whatever is in it, so a first try with zeros tells how long the header will be.
    blank = encode(tag, encode(table, bytes(2 * len(objects))) + content)
    places = [len(blank) - len(content)]
    for each in objects[:-1]:
        places.append(places[-1] + len(each))
    return encode(tag, encode(table, pack(f">{len(places)}H", *places)) + content)


def integrity_file(number: bytes, items: bytes, key: RSAPrivateKey) -> bytes:
    """EF 0003. That the application's own key signs it is inferred: it is what EF 0007 is certified for."""
    table_end = int.from_bytes(items[items.index(b"\xdf\x21") + 3 :][:2])
    digests = encode(0xDF31, sha256(number).digest()) + encode(0xDF32, sha256(items[table_end:]).digest())
    return encode(0xFF30, digests + encode(0xDF33, cv.signature(key, digests)))


def key_file(key: RSAPublicKey, office: RSAPrivateKey) -> bytes:
    """EF 0007. That DF52 covers the whole of DF51 is inferred from the signatures of the face application."""
    certified = encode(0xDF51, cv.public_key(key))
    return encode(0xFF50, certified + encode(0xDF52, cv.signature(office, certified)))


def delivery_file(key: RSAPublicKey) -> bytes:
    """EF 0006. Nobody signs it."""
    return encode(0xA1, cv.public_key(key))


def basic_file() -> bytes:
    """EF 0005. What the last 128 bytes mean is not known; here they are filler throughout."""
    version, key, rest = bytes.fromhex("01030E01"), cv.key_id(cv.TEXT), b"\xff" * 128
    return encode(0xFF40, encode(0xDF41, version) + encode(0xDF42, key) + encode(0xDF43, rest))
