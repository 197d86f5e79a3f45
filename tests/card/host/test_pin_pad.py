"""What PC/SC part 10 says in bytes: features, abilities, and the structures for an entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadAnswer
from drivers.readers.pin_pad import Abilities, features, modify_structure, verify_structure

TEMPLATE = bytes.fromhex("0020009804FFFFFFFF")
CHANGE = bytes.fromhex("0024018004FFFFFFFF")


def test_features_are_told_with_big_endian_codes() -> None:
    answer = bytes.fromhex("060442330006 070442330007 0A044233000A 120442330012")
    assert features(answer) == {0x06: 0x42330006, 0x07: 0x42330007, 0x0A: 0x4233000A, 0x12: 0x42330012}
    assert features(b"") == {}


@given(st.binary(max_size=40))
def test_any_list_of_features_is_read_or_refused(answer: bytes) -> None:
    try:
        assert len(features(answer)) <= len(answer) // 6
    except BadAnswer:
        assert len(answer) % 6 or any(answer[1::6][n] != 4 for n in range(len(answer) // 6))


def test_the_structure_for_a_pin_of_four_digits() -> None:
    """Field by field, as part 10 lists them; two-byte and four-byte fields are little-endian."""
    expected = bytes.fromhex(
        "3C 3C"  # 60 s until the first key, and between keys
        "82 04 00"  # ASCII from the left, 4 bytes of PIN, no length in the command
        "0404"  # 4 digits at least and at most
        "02 01 1104 00"  # ends by the confirm key, one sentence, Japanese (0411), the first
        "000000"
        "09000000"  # bytes of the command
        "0020009804FFFFFFFF"
    )
    assert verify_structure(TEMPLATE, 60, Abilities()) == expected


def test_the_structure_for_a_new_pin_typed_twice() -> None:
    expected = bytes.fromhex(
        "3C 3C 82 04 00"
        "00 00"  # where the old one, not asked for, and the new one stand in the data
        "0404"
        "01 02"  # confirm the new one, do not ask for the old one; ends by the confirm key
        "02 1104 01 02 00"  # two sentences
        "000000 09000000 0024018004FFFFFFFF"
    )
    assert modify_structure(CHANGE, 60, Abilities()) == expected


@pytest.mark.parametrize("template", ["", "00200098", "0020009804", "0020009803FFFFFFFF", "0020009810" + "FF" * 16])
def test_a_template_of_another_form_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="template"):
        verify_structure(bytes.fromhex(template), 60, Abilities())


def test_abilities_by_tlv() -> None:
    told = Abilities.of_tlv(bytes.fromhex("06 01 04 07 01 0C 02 01 07 0A 04 00000100"))
    assert told == Abilities(shortest=4, longest=12, ends=0x07)
    assert told.takes(4)
    assert not told.takes(3)
    assert told.end == 0x02


def test_abilities_that_a_reader_does_not_tell_are_trusted() -> None:
    assert Abilities.of_tlv(b"") == Abilities.of_tlv(bytes.fromhex("060100 070100 020100")) == Abilities()


def test_abilities_by_the_older_structure() -> None:
    assert Abilities.of_properties(bytes.fromhex("1002 01 00")).end == 0x01
    with pytest.raises(BadAnswer):
        Abilities.of_properties(b"\x10")


@given(st.binary(max_size=40))
def test_any_properties_are_read_or_refused(answer: bytes) -> None:
    try:
        Abilities.of_tlv(answer)
    except BadAnswer:
        assert answer
