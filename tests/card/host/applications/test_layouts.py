"""Every layout there and back, by its vector and by what the software card was issued with; and who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drivers import tlv
from drivers.card import layouts, text, visual
from drivers.card.application import CardApplication
from drivers.card.layouts import Layout
from drivers.errors import BadAnswer, CardRefused, Pin
from tests.card.host.applications.conftest import inserted, typed
from tests.card.host.applications.vectors import (
    PUBLISHED_NUMBER,
    RECORD,
    RECORD_MEANS,
    VECTORS,
    WORKED_EXAMPLE,
    Vector,
    parse_record,
)

APPLICATIONS: dict[type[CardApplication], tuple[Layout, ...]] = {
    text.TextSupport: layouts.TEXT,
    visual.Visual: layouts.VISUAL,
}
ROWS = [(application, layout) for application, rows in APPLICATIONS.items() for layout in rows]
SECRETS = {Pin.TEXT_SUPPORT: "pin", Pin.MATCH_A: "a", Pin.MATCH_B: "b", Pin.BIRTH_DATE: "birth"}
MEANINGS = {"number": text.parse_number_file, "name": text.parse_items}

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
each_row = pytest.mark.parametrize(
    ("application", "layout"), ROWS, ids=[f"{application.__name__}-{layout.what}" for application, layout in ROWS]
)


def written(layout: Layout, values: Sequence[bytes]) -> bytes:
    """A file from its layout and the values in it."""
    if not layout.parts:
        return tlv.encode(layout.tag, *values) + layout.filler
    objects = [tlv.encode(tag, value) for tag, value in zip(layout.parts, values, strict=True)]
    if layout.offsets is None:
        return tlv.encode(layout.tag, b"".join(objects)) + layout.filler
    table = tlv.encode(layout.offsets, bytes(2 * len(objects)))
    size = len(tlv.encode(layout.tag, table + b"".join(objects)))
    places = [size - sum(map(len, objects[n:])) for n in range(len(objects))]
    table = tlv.encode(layout.offsets, b"".join(place.to_bytes(2) for place in places))
    return tlv.encode(layout.tag, table + b"".join(objects)) + layout.filler


@each_vector
def test_there_and_back(vector: Vector) -> None:
    found = tuple(each.value for each in vector.layout.objects(vector.file))
    assert found == vector.parts
    assert written(vector.layout, found) == vector.file


def test_every_layout_has_its_vector() -> None:
    assert {vector.layout for vector in VECTORS} == {*layouts.TEXT, *layouts.VISUAL}


@each_vector
def test_a_file_cut_anywhere_is_no_file(vector: Vector) -> None:
    for size in range(len(vector.file)):
        with pytest.raises(BadAnswer):
            vector.layout.objects(vector.file[:size])
    with pytest.raises(BadAnswer):
        vector.layout.objects(vector.file + b"\0")


@each_vector
def test_any_flipped_byte_is_read_or_refused_by_name(vector: Vector) -> None:
    for place in range(len(vector.file)):
        spoilt = bytearray(vector.file)
        spoilt[place] ^= 0xFF
        try:
            vector.layout.objects(bytes(spoilt))
        except BadAnswer:
            continue


@pytest.mark.parametrize("vector", [PUBLISHED_NUMBER, WORKED_EXAMPLE], ids=lambda vector: vector.name)
def test_what_a_published_file_means(vector: Vector) -> None:
    found = MEANINGS[next(iter(vector.means))](vector.file)
    assert {name: getattr(found, name) for name in vector.means} == vector.means


# --- against what was issued, which has writers of its own


async def issued(data: Path, application: type[CardApplication], layout: Layout) -> bytes:
    """A file in whole, with whatever secret opens it."""
    selected = await application.select(await inserted(data))
    for pin in layout.opened_by[:1]:
        await selected.verify(pin, typed(SECRETS[pin]))
    file = await selected._read_object(layout.what, 0x80 | layout.file, layout.tag, 0x7FFF)
    return file + layout.filler


@each_row
async def test_an_issued_file_there_and_back(data: Path, application: type[CardApplication], layout: Layout) -> None:
    file = await issued(data, application, layout)
    assert written(layout, [each.value for each in layout.objects(file)]) == file


@each_row
@pytest.mark.parametrize("pin", SECRETS)
async def test_who_may_read(data: Path, application: type[CardApplication], layout: Layout, pin: Pin) -> None:
    if pin not in application.PIN_FILE:
        assert pin not in layout.opened_by
        return
    selected = await application.select(await inserted(data))
    await selected.verify(pin, typed(SECRETS[pin]))
    if not layout.opened_by or pin in layout.opened_by:
        await selected._read_object(layout.what, 0x80 | layout.file, layout.tag, 0x7FFF)
        return
    with pytest.raises(CardRefused, match="status 6982"):
        await selected._read_object(layout.what, 0x80 | layout.file, layout.tag, 0x7FFF)


@each_row
async def test_what_somebody_without_a_secret_may_read(
    data: Path, application: type[CardApplication], layout: Layout
) -> None:
    selected = await application.select(await inserted(data))
    if not layout.opened_by:
        await selected._read_object(layout.what, 0x80 | layout.file, layout.tag, 0x7FFF)
        return
    with pytest.raises(CardRefused, match="status 6982"):
        await selected._read_object(layout.what, 0x80 | layout.file, layout.tag, 0x7FFF)


# --- the common application's record, which is a simple TLV


def test_the_card_number() -> None:
    assert parse_record(RECORD) == RECORD_MEANS
    for wrong in (b"", RECORD[:-1], b"\x02" + RECORD[1:], RECORD[:-4] + b"1332", RECORD[:-1] + b"x", RECORD + b"0"):
        with pytest.raises(BadAnswer):
            parse_record(wrong)
