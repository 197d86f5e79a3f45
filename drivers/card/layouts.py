"""The TLV files of the two applications about the person, as data: what is in each, and who may read it.

Each row says what the card reference says in the section it names; vectors of the same names stand in the tests, where
one test takes every row there and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers import tlv
from drivers.errors import BadAnswer, Pin


@dataclass(frozen=True, slots=True)
class Layout:
    """A file that is one object, with these objects in it, in this order, and no others."""

    what: str
    source: str
    file: int
    """File id, which is its short id too."""
    tag: int
    parts: tuple[int, ...] = ()
    """Tags; none where the object holds plain bytes."""
    offsets: int | None = None
    """Tag of a table before the parts: where each begins, 16 bits, counted from the file's first byte."""
    filler: bytes = b""
    """After the object; belongs to the file."""
    opened_by: tuple[Pin, ...] = ()
    """Any one of these secrets; none where everybody may read."""

    def objects(self, file: bytes) -> tuple[tlv.Tlv, ...]:
        """The parts of a whole file, or its one object where it has none. Raises BadAnswer."""
        outer, rest = tlv.split(file)
        if outer.tag != self.tag or rest != self.filler:
            raise BadAnswer(f"no {self.what}")
        if not self.parts:
            return (outer,)
        if self.offsets is None:
            return tlv.values(outer.value, *self.parts)
        table, *objects = tlv.values(outer.value, self.offsets, *self.parts)
        if table.value != offset_table(len(outer.encoded), [len(each.encoded) for each in objects]):
            raise BadAnswer("an offset table that points elsewhere")
        return tuple(objects)


def offset_table(size: int, objects: Sequence[int]) -> bytes:
    """Where objects of these sizes begin in a file of `size` bytes that ends with them."""
    place, places = size - sum(objects), b""
    for each in objects:
        places += place.to_bytes(2)
        place += each
    return places


_TEXT: Final = "card reference, section 3.2"
_ANY: Final = (Pin.TEXT_SUPPORT, Pin.MATCH_A, Pin.MATCH_B)
_CV: Final = (0x5F4E, 0x5F37)

NUMBER: Final = Layout(
    "individual number", _TEXT, 0x01, 0xFF10, filler=b"\xff\xff", opened_by=(Pin.TEXT_SUPPORT, Pin.MATCH_A)
)
ITEMS: Final = Layout(
    "four items",
    _TEXT,
    0x02,
    0xFF20,
    (0xDF22, 0xDF23, 0xDF24, 0xDF25),
    offsets=0xDF21,
    opened_by=(Pin.TEXT_SUPPORT, Pin.MATCH_B),
)
INTEGRITY: Final = Layout("integrity record", _TEXT, 0x03, 0xFF30, (0xDF31, 0xDF32, 0xDF33), opened_by=_ANY)
TEXT_CERTIFICATE: Final = Layout("certificate", f"{_TEXT} and 3.6", 0x04, 0x7F21, _CV)
TEXT_BASIC: Final = Layout("basic information", _TEXT, 0x05, 0xFF40, (0xDF41, 0xDF42, 0xDF43))
DELIVERY_KEY: Final = Layout("delivery key", _TEXT, 0x06, 0xA1, (0x90, 0x91), opened_by=_ANY)
APPLICATION_KEY: Final = Layout("application key", _TEXT, 0x07, 0xFF50, (0xDF51, 0xDF52), opened_by=_ANY)

TEXT: Final = (NUMBER, ITEMS, INTEGRITY, TEXT_CERTIFICATE, TEXT_BASIC, DELIVERY_KEY, APPLICATION_KEY)

_FACE: Final = "card reference, section 3.3"

AGE: Final = Layout("age record", _FACE, 0x01, 0xFF10, (0xDF11, 0xDF12, 0xDF13), opened_by=(Pin.BIRTH_DATE,))
FACE: Final = Layout(
    "face record",
    _FACE,
    0x02,
    0xFF20,
    tuple(range(0xDF22, 0xDF2B)),
    offsets=0xDF21,
    opened_by=(Pin.MATCH_A, Pin.MATCH_B),
)
"""That the offset table has one place for each object after it is inferred from the four items."""
FACE_BASIC: Final = Layout("basic information", _FACE, 0x03, 0xFF30, (0xDF31, 0xDF32, 0xDF33, 0xDF34, 0xDF35))
FACE_CERTIFICATE: Final = Layout("certificate", f"{_FACE} and 3.6", 0x04, 0x7F21, _CV)
NUMBER_PICTURE: Final = Layout("number record", _FACE, 0x05, 0xFF40, (0xDF41, 0xDF42, 0xDF43), opened_by=(Pin.MATCH_A,))

VISUAL: Final = (AGE, FACE, FACE_BASIC, FACE_CERTIFICATE, NUMBER_PICTURE)
