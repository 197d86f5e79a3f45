"""Files as published or issued, byte by byte, beside their layouts. Source: card reference, sections 3.2 to 3.6.

Every layout has a vector. Where no bytes are published, tags and lengths are as stated, the rest is one byte repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from drivers.card import layouts
from drivers.card.common import CardNumber, parse_card_number
from drivers.card.holder import Sex
from drivers.card.layouts import Layout

NAME, ADDRESS = "黒桐　幹也", "東京都清瀬市観布子南１２－７－２０２"
"""A figure of fiction: the published test card's holder."""

KEY = "900301000191820100" + "C5" * 256
SIGNATURE = "5A" * 256
KEY_ID = b"9000033".hex() + "0805" + b"001".hex() + "00000001"


@dataclass(frozen=True, slots=True)
class Vector:
    layout: Layout
    file: bytes
    parts: tuple[bytes, ...]
    """The values, in the layout's order."""
    means: dict[str, object] = field(default_factory=dict)
    """Where the bytes are of a real meaning."""

    @property
    def name(self) -> str:
        return f"{self.layout.source}, {self.layout.file:04X} {self.layout.what}"


def _vector(layout: Layout, *file: str, parts: tuple[str | bytes, ...], **means: object) -> Vector:
    values = tuple(part if isinstance(part, bytes) else bytes.fromhex(part) for part in parts)
    return Vector(layout, bytes.fromhex("".join(file)), values, means)


PUBLISHED_NUMBER = _vector(
    layouts.NUMBER,
    "FF100C", b"123456789018".hex(), "FFFF",
    parts=(b"123456789018",),
    number="123456789018",
)  # fmt: skip
WORKED_EXAMPLE = _vector(
    layouts.ITEMS,
    "FF2065",
    "DF2108" "000E002000590064",
    "DF220F", NAME.encode().hex(),
    "DF2336", ADDRESS.encode().hex(),
    "DF2408" "3139383030323137",
    "DF2501" "31",
    parts=(NAME.encode(), ADDRESS.encode(), b"19800217", b"1"),
    name=NAME, address=ADDRESS, birth_date=date(1980, 2, 17), sex=Sex.MALE,
)  # fmt: skip
"""EF 0002 of the published test card."""

VECTORS = (
    PUBLISHED_NUMBER,
    WORKED_EXAMPLE,
    _vector(
        layouts.INTEGRITY,
        "FF3082014B" "DF3120", "11" * 32, "DF3220", "22" * 32, "DF33820100", SIGNATURE,
        parts=("11" * 32, "22" * 32, SIGNATURE),
    ),
    _vector(
        layouts.TEXT_CERTIFICATE,
        "7F21820233" "5F4E820129", KEY_ID * 2, KEY, "5F37820100", SIGNATURE,
        parts=(KEY_ID * 2 + KEY, SIGNATURE),
    ),
    _vector(
        layouts.TEXT_BASIC,
        "FF40" "819E" "DF4104" "01030E01" "DF4210", KEY_ID, "DF438180", "33" * 32, "FF" * 96,
        parts=("01030E01", KEY_ID, "33" * 32 + "FF" * 96),
    ),
    _vector(layouts.DELIVERY_KEY, "A1820109", KEY, parts=("010001", "C5" * 256)),
    _vector(
        layouts.APPLICATION_KEY,
        "FF50820213" "DF51820109", KEY, "DF52820100", SIGNATURE,
        parts=(KEY, SIGNATURE),
    ),
    _vector(
        layouts.AGE,
        "FF1082021E" "DF1108" "3139383030323137" "DF12820109", KEY, "DF13820100", SIGNATURE,
        parts=(b"19800217", KEY, SIGNATURE),
    ),
    _vector(
        layouts.FACE,
        "FF2082025A" "DF2112" "001A" "0025" "0029" "0137" "013D" "0143" "0149" "024E" "0259",
        "DF2208" "3139383030323137" "DF2301" "31" "DF24820109", KEY,
        "DF2503" "616161" "DF2603" "626262" "DF2703" "636363" "DF28820100", SIGNATURE,
        "DF2908" "3230333530323137" "DF2A03" "646464",
        parts=(b"19800217", b"1", KEY, b"aaa", b"bbb", b"ccc", SIGNATURE, b"20350217", b"ddd"),
    ),
    _vector(
        layouts.FACE_BASIC,
        "FF3082013B" "DF3104" "06030E01" "DF3210", KEY_ID, "DF3301" "01" "DF3405" "3133323231",
        "DF35820110", KEY_ID, "FF" * 256,
        parts=("06030E01", KEY_ID, "01", b"13221", KEY_ID + "FF" * 256),
    ),
    _vector(
        layouts.FACE_CERTIFICATE,
        "7F21820233" "5F4E820129", KEY_ID * 2, KEY, "5F37820100", SIGNATURE,
        parts=(KEY_ID * 2 + KEY, SIGNATURE),
    ),
    _vector(
        layouts.NUMBER_PICTURE,
        "FF40820219" "DF4103" "616161" "DF42820109", KEY, "DF43820100", SIGNATURE,
        parts=(b"aaa", KEY, SIGNATURE),
    ),
)  # fmt: skip

RECORD = b"\x01\x1c" + b"400000012719843" + b"13221" + b"20350217"
RECORD_MEANS = CardNumber("400000012719843", "13221", date(2035, 2, 17))
parse_record = parse_card_number
