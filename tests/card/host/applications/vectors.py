"""Files as published or issued, byte by byte, with what they mean. Source: card reference, sections 3.2 to 3.6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from drivers.card.common import CardNumber, parse_card_number
from drivers.card.holder import Sex
from drivers.card.text import parse_items, parse_number_file

NAME, ADDRESS = "黒桐　幹也", "東京都清瀬市観布子南１２－７－２０２"
"""A figure of fiction: the published test card's holder."""


@dataclass(frozen=True, slots=True)
class Vector:
    name: str
    file: bytes
    parse: Callable[[bytes], Any]
    means: dict[str, object]
    trailer: int = 0
    """Bytes after the one object the file begins with."""


VECTORS = (
    Vector(
        "text 0001",
        bytes.fromhex("FF100C") + b"123456789018" + b"\xff\xff",
        parse_number_file,
        {"number": "123456789018"},
        trailer=2,
    ),
    Vector(
        "text 0002, worked example",
        bytes.fromhex("FF2065DF2108000E002000590064DF220F")
        + NAME.encode()
        + bytes.fromhex("DF2336")
        + ADDRESS.encode()
        + bytes.fromhex("DF24083139383030323137DF250131"),
        parse_items,
        {"name": NAME, "address": ADDRESS, "birth_date": date(1980, 2, 17), "sex": Sex.MALE},
    ),
)

RECORD = b"\x01\x1c" + b"400000012719843" + b"13221" + b"20350217"
RECORD_MEANS = CardNumber("400000012719843", "13221", date(2035, 2, 17))
parse_record = parse_card_number
