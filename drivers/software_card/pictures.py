"""What stands on the card where a real one holds pictures. Honest placeholders: no face, no calligraphy.

Digits are drawn; a name or an address is a bar as long as its text; the photo is a JPEG 2000 container that says in
words that there is none inside.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

_DIGITS: Final = (
    "01110 10001 10011 10101 11001 10001 01110",
    "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00110 01000 10000 11111",
    "01110 10001 00001 00110 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010",
    "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110",
    "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110",
    "01110 10001 10001 01111 00001 00010 01100",
)
"""Five wide, seven high; with its margins a digit takes 6 by 12, as on the surveyed card (section 3.3)."""
_NO_PHOTO: Final = "<placeholder>no photograph: this card is made of software</placeholder>"


def digits_png(digits: str) -> bytes:
    """Black digits on white, 6 pixels wide each, 12 high, one bit a pixel."""
    rows = ["1" * 6 * len(digits)] * 2
    for row in range(7):
        ink = "".join(_DIGITS[int(digit)].split()[row] + "0" for digit in digits)
        rows.append(ink.translate({0x30: "1", 0x31: "0"}))
    return _png(rows + rows[:1] * 3)


def bar_png(text: str) -> bytes:
    """A black bar, 12 pixels for each glyph of `text`, between white margins: the glyphs are not drawn."""
    length = sum(not _is_selector(char) for char in text)
    white, black = "1" * 12 * length, "0" * 12 * length
    return _png([white] * 2 + [black] * 8 + [white] * 2, comment=b"placeholder: no glyphs")


def no_photo_jp2() -> bytes:
    """A JP2 container (ISO/IEC 15444-1, annex I) with an `xml ` box in words and no code stream: nothing to decode."""
    brand = b"jp2 " + bytes(4) + b"jp2 "
    return _box(b"jP  ", b"\r\n\x87\n") + _box(b"ftyp", brand) + _box(b"xml ", _NO_PHOTO.encode("ascii"))


def _is_selector(char: str) -> bool:
    """Whether it only says in which shape the character before it is drawn (Unicode variation selectors)."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _png(rows: list[str], comment: bytes = b"") -> bytes:
    width, height = len(rows[0]), len(rows)
    raw = b"".join(b"\0" + _packed(row) for row in rows)
    text = _chunk(b"tEXt", b"Comment\0" + comment) if comment else b""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    image = text + _chunk(b"IDAT", zlib.compress(raw, 9))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + image + _chunk(b"IEND", b"")


def _packed(row: str) -> bytes:
    width = -(-len(row) // 8)
    return int(row.ljust(width * 8, "0"), 2).to_bytes(width)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content
