"""BER-TLV as the card's files use it: tags of one or two bytes, lengths of one to three. Source: ISO/IEC 8825-1, 8.1.

A value is never looked into: the card puts plain digits under tags that are marked as constructed (FF 10).
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.errors import BadAnswer

_MORE = 0x1F
"""All ones in the first byte: the tag goes on in a second."""
LONGEST = 0xFFFF


@dataclass(frozen=True, slots=True)
class Tlv:
    """One object. `encoded` are its bytes as they stood, header included: what a digest or a signature covers."""

    tag: int
    value: bytes
    encoded: bytes


def encode(tag: int, value: bytes) -> bytes:
    """One object with the shortest length form. At most 65535 bytes of value."""
    return _tag(tag) + _length(len(value)) + value


def parse(data: bytes) -> tuple[Tlv, ...]:
    """Every object of `data`, with nothing before, between or after. Raises BadAnswer."""
    found = []
    while data:
        first, data = split(data)
        found.append(first)
    return tuple(found)


def values(data: bytes, *tags: int) -> tuple[Tlv, ...]:
    """The objects of `data`, which are these, in this order, and no others. Raises BadAnswer."""
    found = parse(data)
    if tuple(tlv.tag for tlv in found) != tags:
        raise BadAnswer(f"tags {[f'{tlv.tag:X}' for tlv in found]} where {[f'{tag:X}' for tag in tags]} were due")
    return found


def split(data: bytes) -> tuple[Tlv, bytes]:
    """The object at the start of `data`, and what comes after it. Raises BadAnswer."""
    tag, header, length = _header(data)
    size = header + length
    if len(data) < size:
        raise BadAnswer(f"{len(data)} of {size} bytes under tag {tag:X}")
    return Tlv(tag, data[header:size], data[:size]), data[size:]


def begins(data: bytes, tag: int) -> bool:
    """Whether the first object of `data` has this tag."""
    encoded = _tag(tag)
    return data[: len(encoded)] == encoded


def whole_size(beginning: bytes) -> int:
    """The size, header included, of the object that begins here. Raises BadAnswer when the header is cut off."""
    _, header, length = _header(beginning)
    return header + length


def _header(data: bytes) -> tuple[int, int, int]:
    """Tag, size of the header, length of the value."""
    width = 2 if data and data[0] & _MORE == _MORE else 1
    if len(data) <= width:
        raise BadAnswer(f"{len(data)} bytes where a tag and a length were due")
    if width == 2 and data[1] & 0x80:
        raise BadAnswer("a tag of three bytes")
    tag, first = int.from_bytes(data[:width]), data[width]
    if first < 0x80:
        return tag, width + 1, first
    count = first & 0x7F
    if not 1 <= count <= 2 or len(data) < width + 1 + count:
        raise BadAnswer(f"no length under tag {tag:X}")
    return tag, width + 1 + count, int.from_bytes(data[width + 1 : width + 1 + count])


def _tag(tag: int) -> bytes:
    return tag.to_bytes(2 if tag > 0xFF else 1)


def _length(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    if length <= 0xFF:
        return bytes((0x81, length))
    if length <= LONGEST:
        return b"\x82" + length.to_bytes(2)
    raise ValueError(f"{length} bytes do not fit under one tag")
