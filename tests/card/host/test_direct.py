"""Readers over the control socket, with a box that says what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardMute,
    NoReader,
    ReaderFault,
    ServiceCause,
    ServiceDown,
)
from drivers.readers import CardAway, CardHere, ReaderAway, ReaderHere, ServiceAway, ServiceHere
from drivers.readers.direct import DirectReaders, find
from tests.card.host.box import HANG_UP, MUTE, TOKEN, Box, running_box
from tests.card.host.told import Told, listening

FIRST, SECOND = "Direct 0", "Direct 1"
HERE = ServiceHere(), ReaderHere(FIRST), ReaderHere(SECOND)
AWAY = ReaderAway(FIRST), ReaderAway(SECOND), ServiceAway(ServiceCause.NOT_RUNNING)
COMMAND = bytes.fromhex("00200098")


def a_card(request: dict[str, Any]) -> dict[str, Any]:
    """A box whose card answers 63C3."""
    match request["do"]:
        case "power":
            return {"ok": True, "session": 7}
        case "transmit":
            return {"ok": True, "apdu": "63C3"}
    return {"ok": True}


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    async with running_box(a_card) as box:
        yield box


@pytest.fixture
async def readers(box: Box) -> AsyncIterator[DirectReaders]:
    readers = DirectReaders(box.where)
    yield readers
    await readers.close()


@pytest.fixture
async def told(readers: DirectReaders) -> AsyncIterator[Told]:
    async with listening(readers) as told:
        await told.hear(*HERE)
        yield told


async def test_the_first_events_tell_the_state_found(box: Box, readers: DirectReaders) -> None:
    box.cards[SECOND] = True
    async with listening(readers) as told:
        await told.hear(*HERE, CardHere(SECOND))


async def test_cards_come_and_go(box: Box, told: Told) -> None:
    box.card(FIRST, True)
    box.card(SECOND, True)
    box.card(FIRST, False)
    box.card(FIRST, True)
    await told.hear(CardHere(FIRST), CardHere(SECOND), CardAway(FIRST), CardHere(FIRST))


async def test_a_replaced_card_is_two_events_even_if_the_box_says_one(box: Box, told: Told) -> None:
    box.card(FIRST, True)
    box.card(FIRST, True)
    await told.hear(CardHere(FIRST), CardAway(FIRST), CardHere(FIRST))


async def test_the_box_stops_and_starts_again(box: Box, told: Told) -> None:
    box.card(FIRST, True)
    await told.hear(CardHere(FIRST))
    await box.stop()
    await told.hear(CardAway(FIRST), *AWAY)
    await box.start()
    await told.hear(*HERE, CardHere(FIRST), within_s=5)


@pytest.mark.parametrize("line", [b"no JSON", b"[]", b'{"event": "maybe", "reader": "Direct 0"}', 100_000 * b"x"])
async def test_a_watch_that_makes_no_sense_is_begun_again(box: Box, told: Told, line: bytes) -> None:
    box.tell(line)
    await told.hear(*AWAY)
    await told.hear(*HERE, within_s=5)


async def test_a_wrong_token(box: Box, readers: DirectReaders) -> None:
    box.token = "another"
    async with listening(readers) as told:
        await told.hear(ServiceAway(ServiceCause.NOT_AUTHORISED))
        box.token = TOKEN
        await told.hear(*HERE)


async def test_close_ends_the_stream(box: Box, readers: DirectReaders) -> None:
    told = []
    async for event in readers.events():
        told.append(event)
        if len(told) == len(HERE):
            await readers.close()
    assert told == list(HERE)


async def test_power_transmit_unpower(box: Box, readers: DirectReaders) -> None:
    connection = await readers.connect(FIRST)
    assert connection.reader == FIRST
    assert await connection.transmit(bytearray(COMMAND)) == bytes.fromhex("63C3")
    await connection.close()
    assert box.asked == [
        {"do": "power", "reader": FIRST},
        {"do": "transmit", "session": 7, "apdu": "00200098"},
        {"do": "unpower", "session": 7},
    ]


async def test_closing_the_readers_takes_the_power_too(box: Box, readers: DirectReaders) -> None:
    connection = await readers.connect(FIRST)
    await readers.close()
    assert box.asked[-1] == {"do": "unpower", "session": 7}
    with pytest.raises(ServiceDown):
        await connection.transmit(COMMAND)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"ok": False, "error": "no card"}, CardGone),
        ({"ok": False, "error": "There is no slot 9."}, NoReader),
        (HANG_UP, ServiceDown),
        (b"no JSON", ServiceDown),
        (b'{"ok": "perhaps"}', ServiceDown),
    ],
)
async def test_connect_refused(box: Box, readers: DirectReaders, answer: Any, meaning: type[CardError]) -> None:
    box.do = lambda _: answer
    with pytest.raises(meaning):
        await readers.connect(FIRST)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ({"ok": False, "error": "card gone"}, CardGone),
        ({"ok": False, "error": "Something else."}, ReaderFault),
        ({"ok": True, "apdu": "xyz"}, BadAnswer),
        (HANG_UP, ServiceDown),
        (b"no JSON", ServiceDown),
    ],
)
async def test_transmit_fails(box: Box, readers: DirectReaders, answer: Any, meaning: type[CardError]) -> None:
    connection = await readers.connect(FIRST)
    box.do = lambda _: answer
    with pytest.raises(meaning):
        await connection.transmit(COMMAND)
    await connection.close()


async def test_a_mute_card(box: Box, readers: DirectReaders) -> None:
    """Its connection is over, so that a late answer is never taken for the answer to the next command."""
    connection = await readers.connect(FIRST)
    box.do = lambda _: MUTE
    with pytest.raises(CardMute):
        await connection.transmit(COMMAND, deadline_s=0.05)
    with pytest.raises(ServiceDown):
        await connection.transmit(COMMAND)
    await connection.close()
    assert len(box.asked) == 2


async def test_a_command_given_up_is_not_answered_to_the_next(box: Box, readers: DirectReaders) -> None:
    connection = await readers.connect(FIRST)
    given_up = asyncio.create_task(connection.transmit(COMMAND))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(ServiceDown):
        await connection.transmit(COMMAND)
    await connection.close()


async def test_who_gives_up_closing_leaves_the_others_to_it(box: Box, readers: DirectReaders) -> None:
    connection = await readers.connect(FIRST)
    (link,) = readers._links
    one, other = (asyncio.create_task(link.close()) for _ in range(2))
    await asyncio.sleep(0)  # both wait for the end of the line now
    one.cancel()
    await other
    await connection.close()


async def test_no_box(readers: DirectReaders, box: Box) -> None:
    await box.stop()
    with pytest.raises(ServiceDown):
        await readers.connect(FIRST)


async def test_find_before_during_and_after(box: Box, tmp_path: Path) -> None:
    readers = find(tmp_path)
    async with listening(readers) as told:
        await told.hear(ServiceAway(ServiceCause.NOT_RUNNING))
        place = {"port": box.where().port, "token": TOKEN, "pid": 1}
        (tmp_path / "card-control.json").write_text(json.dumps(place))
        await told.hear(*HERE)
        (tmp_path / "card-control.json").write_text("not written to its end")
        with pytest.raises(ServiceDown):
            await readers.connect(FIRST)
    await readers.close()
