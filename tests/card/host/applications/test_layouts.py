"""Every kept file is read for what it means, and put together again byte by byte from what was read."""

from __future__ import annotations

import pytest

from drivers import tlv
from drivers.errors import BadAnswer
from tests.card.host.applications.vectors import RECORD, RECORD_MEANS, VECTORS, Vector, parse_record


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_what_a_file_means(vector: Vector) -> None:
    found = vector.parse(vector.file)
    assert {name: getattr(found, name) for name in vector.means} == vector.means


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_file_put_together_again(vector: Vector) -> None:
    outer, rest = tlv.split(vector.file)
    assert len(rest) == vector.trailer
    assert tlv.encode(outer.tag, outer.value) + rest == vector.file
    if vector.trailer == 0:
        assert b"".join(tlv.encode(each.tag, each.value) for each in tlv.parse(outer.value)) == outer.value


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_file_cut_anywhere_is_no_file(vector: Vector) -> None:
    for size in range(len(vector.file)):
        with pytest.raises(BadAnswer):
            vector.parse(vector.file[:size])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_any_flipped_byte_is_read_or_refused_by_name(vector: Vector) -> None:
    for place in range(len(vector.file)):
        spoilt = bytearray(vector.file)
        spoilt[place] ^= 0xFF
        try:
            vector.parse(bytes(spoilt))
        except BadAnswer:
            continue


def test_the_card_number() -> None:
    assert parse_record(RECORD) == RECORD_MEANS
    for wrong in (b"", RECORD[:-1], b"\x02" + RECORD[1:], RECORD[:-4] + b"1332", RECORD[:-1] + b"x", RECORD + b"0"):
        with pytest.raises(BadAnswer):
            parse_record(wrong)
