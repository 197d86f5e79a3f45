"""TLV in both directions. Source: ISO/IEC 8825-1, 8.1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import tlv
from drivers.errors import BadAnswer

TAGS = st.one_of(
    st.integers(0x01, 0xFF).filter(lambda tag: tag & 0x1F != 0x1F),
    st.builds(lambda first, second: (first | 0x1F) << 8 | second, st.integers(0, 0xFF), st.integers(0x01, 0x7F)),
)
OBJECTS = st.lists(st.tuples(TAGS, st.binary(max_size=400)), max_size=6)


@given(OBJECTS)
def test_what_was_written_is_read(objects: list[tuple[int, bytes]]) -> None:
    encoded = b"".join(tlv.encode(tag, value) for tag, value in objects)
    found = tlv.parse(encoded)
    assert [(each.tag, each.value) for each in found] == objects
    assert b"".join(each.encoded for each in found) == encoded
    assert tlv.values(encoded, *(tag for tag, _ in objects)) == found


@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    try:
        found = tlv.parse(data)
    except BadAnswer:
        return
    assert b"".join(each.encoded for each in found) == data


@given(TAGS, st.binary(max_size=300), st.data())
def test_an_object_cut_anywhere_is_refused(tag: int, value: bytes, data: st.DataObject) -> None:
    encoded = tlv.encode(tag, value)
    assert tlv.whole_size(encoded) == len(encoded)
    with pytest.raises(BadAnswer):
        tlv.split(encoded[: data.draw(st.integers(0, len(encoded) - 1))])


@pytest.mark.parametrize(
    ("length", "header"),
    [(0, "FF1000"), (127, "FF107F"), (128, "FF108180"), (255, "FF1081FF"), (256, "FF10820100"), (65535, "FF1082FFFF")],
)
def test_lengths_take_their_shortest_form(length: int, header: str) -> None:
    encoded = tlv.encode(0xFF10, bytes(length))
    assert encoded[: len(encoded) - length].hex().upper() == header


@pytest.mark.parametrize(
    "data",
    ["", "30", "FF", "FF10", "3080" + "00" * 9, "3083010000" + "00" * 9, "308500", "DF818101" + "00" * 9, "3081"],
)
def test_headers_the_card_never_uses_are_refused(data: str) -> None:
    with pytest.raises(BadAnswer):
        tlv.split(bytes.fromhex(data))


def test_a_value_too_long_for_one_tag_is_not_written() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        tlv.encode(0x30, bytes(0x10000))


def test_other_tags_are_refused() -> None:
    with pytest.raises(BadAnswer, match="were due"):
        tlv.values(tlv.encode(0x90, b"") + tlv.encode(0x91, b""), 0x91, 0x90)
