"""The text application against the software card. Source: card reference, section 3.2."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drivers.card.certificate_cv import Anchors
from drivers.card.holder import Sex
from drivers.card.text import FourItems, Number, TextSupport, parse_items, parse_number_file
from drivers.errors import BadAnswer, CardRefused, NotGenuine, Pin, PinBlocked, PinWrong
from drivers.readers import CardConnection
from tests.card.host.applications.conftest import typed
from tests.card.host.applications.vectors import PUBLISHED_NUMBER, WORKED_EXAMPLE


@pytest.fixture
async def text(card: CardConnection) -> TextSupport:
    return await TextSupport.select(card)


async def test_number_and_items_with_the_pin(text: TextSupport, anchors: Anchors) -> None:
    await text.verify(Pin.TEXT_SUPPORT, typed("pin"))
    number, items = await text.number(), await text.four_items()
    assert number.number == "999999990018"
    assert (items.name, items.address) == ("見本　花子", "みほん県みどり市見本町一丁目2番3号")
    assert (items.birth_date, items.sex) == (date(1944, 5, 3), Sex.FEMALE)
    (await text.evidence()).check(anchors, number, items)


@pytest.mark.parametrize(("pin", "which", "opens"), [(Pin.MATCH_A, "a", "number"), (Pin.MATCH_B, "b", "four_items")])
async def test_what_match_numbers_open(text: TextSupport, pin: Pin, which: str, opens: str) -> None:
    await text.verify(pin, typed(which))
    await text.evidence()
    for operation in ("number", "four_items"):
        if operation == opens:
            await getattr(text, operation)()
            continue
        with pytest.raises(CardRefused) as refused:
            await getattr(text, operation)()
        assert refused.value.sw == 0x6982


@pytest.mark.parametrize("operation", ["number", "four_items", "evidence"])
async def test_nothing_is_open_without_a_secret(text: TextSupport, operation: str) -> None:
    with pytest.raises(CardRefused):
        await getattr(text, operation)()


async def genuine(text: TextSupport) -> tuple[Number, FourItems]:
    await text.verify(Pin.TEXT_SUPPORT, typed("pin"))
    return await text.number(), await text.four_items()


async def test_another_number_or_other_items_are_not_genuine(text: TextSupport, anchors: Anchors) -> None:
    number, items = await genuine(text)
    evidence = await text.evidence()
    other_number = parse_number_file(PUBLISHED_NUMBER.file)
    other_items = parse_items(WORKED_EXAMPLE.file)
    with pytest.raises(NotGenuine, match="individual number"):
        evidence.check(anchors, other_number, items)
    with pytest.raises(NotGenuine, match="four items"):
        evidence.check(anchors, number, other_items)


async def test_every_link_of_the_chain_counts(text: TextSupport, anchors: Anchors) -> None:
    await text.verify(Pin.TEXT_SUPPORT, typed("pin"))
    evidence = await text.evidence()
    bad = bytes(256)
    broken = {
        "certificate": replace(evidence, certificate=replace(evidence.certificate, signature=bad)),
        "application key": replace(evidence, application_key=replace(evidence.application_key, signature=bad)),
        "integrity record": replace(evidence, integrity=replace(evidence.integrity, signature=bad)),
    }
    for link, spoilt in broken.items():
        with pytest.raises(NotGenuine, match=link):
            spoilt.check(anchors)
    with pytest.raises(NotGenuine, match="nobody here knows the authority 9000033"):
        evidence.check({})


async def test_internal_authentication(text: TextSupport, anchors: Anchors) -> None:
    await text.verify(Pin.TEXT_SUPPORT, typed("pin"))
    evidence = await text.evidence()
    await text.authenticate(b"nonce", evidence.application_key.key)
    with pytest.raises(NotGenuine):
        await text.authenticate(b"nonce", evidence.certificate.key)


async def test_wrong_until_blocked(text: TextSupport) -> None:
    assert await text.tries_left(Pin.TEXT_SUPPORT) == 3
    for left in (2, 1):
        with pytest.raises(PinWrong) as wrong:
            await text.verify(Pin.TEXT_SUPPORT, typed("9999"))
        assert (wrong.value.pin, wrong.value.tries_left) == (Pin.TEXT_SUPPORT, left)
    for _ in range(2):
        with pytest.raises(PinBlocked):
            await text.verify(Pin.TEXT_SUPPORT, typed("9999"))
    assert await text.tries_left(Pin.MATCH_A) == 10, "each secret counts for itself"


def test_an_offset_table_that_points_elsewhere() -> None:
    file = bytearray(WORKED_EXAMPLE.file)
    file[file.index(b"\xdf\x21") + 4] += 1
    with pytest.raises(BadAnswer, match="offset table"):
        parse_items(bytes(file))
