"""Secure messaging at the host: by vectors of neither side's making, and against the software card."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from drivers.card.certificate_cv import Anchors
from drivers.card.common import Common
from drivers.card.secure_messaging import SecuredConnection, SessionKey
from drivers.card.text import TextSupport
from drivers.errors import BadAnswer, CardMute, CardRefused, Pin, PinWrong
from drivers.readers import CardConnection
from tests.card.host.applications.conftest import typed
from tests.card.host.applications.session_vectors import (
    ANSWER_16,
    ANSWER_17,
    IVS,
    NUMBER_FILE,
    READ_17,
    SEED,
    SELECT_NUMBER,
    VERIFY_A,
)
from tests.card.host.scripted import Line, Scripted

VERIFY = bytes.fromhex("002000940C") + b"999999990018"
READ_SHORT_ID, READ_AGAIN = bytes.fromhex("00B0810011"), bytes.fromhex("00B0000010")


def secured(*lines: Line) -> tuple[SecuredConnection, Scripted]:
    script = Scripted(*lines)
    return SecuredConnection(script, script, SessionKey(SEED)), script


def test_the_counter_encrypted_begins_each_command() -> None:
    key = SessionKey(SEED)
    assert {n: key.next_iv().hex() for n in IVS} == IVS


async def test_a_number_is_read_as_in_the_vectors() -> None:
    connection, script = secured(
        (VERIFY_A, "9000"),
        (SELECT_NUMBER, "9000"),
        (READ_17, ANSWER_17 + "9000"),
        (READ_17.replace("9603000011", "9603000010"), ANSWER_16 + "9000"),
    )
    assert await connection.transmit(bytearray(VERIFY)) == b"\x90\x00"
    assert await connection.transmit(READ_SHORT_ID) == NUMBER_FILE + b"\x90\x00"
    assert await connection.transmit(READ_AGAIN) == NUMBER_FILE[:16] + b"\x90\x00"
    await connection.close()
    assert (connection.reader, connection.pin_pad) == (script.reader, None)


@pytest.mark.parametrize("plain", ["00200094", "802A000001AA00", "002401800435363738", "00B2010C00"])
async def test_what_the_card_takes_plain_goes_plain_and_does_not_count(plain: str) -> None:
    connection, _ = secured((plain, "9000"), (VERIFY_A, "9000"))
    await connection.transmit(bytes.fromhex(plain))
    await connection.transmit(VERIFY)


async def test_a_refused_selection_is_the_answer() -> None:
    connection, script = secured((VERIFY_A, "9000"), (SELECT_NUMBER, "6988"))
    await connection.transmit(VERIFY)
    assert (await connection.transmit(READ_SHORT_ID)).hex() == "6988"
    await script.close()


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER_17[:-2],
        ANSWER_17.replace("862101", "962101"),
        ANSWER_17.replace("862101", "862102"),
        ANSWER_17 + "00",
        "860101",
        "861101" + "00" * 16,
        ANSWER_17[:-2] + "00",
        "FF1000",
    ],
)
async def test_an_answer_that_cannot_be_uncovered_is_named(answer: str) -> None:
    connection, _ = secured((VERIFY_A, "9000"), (SELECT_NUMBER, "9000"), (READ_17, answer + "9000"))
    await connection.transmit(VERIFY)
    with pytest.raises(BadAnswer):
        await connection.transmit(READ_SHORT_ID)


async def test_one_deadline_for_both_commands() -> None:
    connection, _ = secured((VERIFY_A, "9000"))
    with pytest.raises(CardMute):
        await connection.transmit(READ_SHORT_ID, deadline_s=0.0)


# --- against the software card


@pytest.fixture
async def text(card: CardConnection) -> TextSupport:
    return await TextSupport.select(card)


async def opened(text: TextSupport) -> TextSupport:
    """Of one seed: a counter that is off looks like good padding once in 256 seeds."""
    await text.verify(Pin.TEXT_SUPPORT, typed("pin"))
    return await text.secure(lambda size: SEED[:size])


class Overheard:
    """A connection with somebody listening."""

    def __init__(self, card: CardConnection) -> None:
        self._card = card
        self.heard = b""
        self.reader, self.pin_pad, self.close = card.reader, card.pin_pad, card.close

    async def transmit(self, command: bytes | bytearray, deadline_s: float = 10.0) -> bytes:
        await asyncio.sleep(0)  # as a real one lets others run
        answer = await self._card.transmit(command, deadline_s)
        self.heard += bytes(command) + answer
        return answer


async def test_everything_is_read_encrypted(card: CardConnection, anchors: Anchors) -> None:
    wire = Overheard(card)
    text = await opened(await TextSupport.select(wire))
    wire.heard = b""
    await text.verify(Pin.MATCH_A, typed("a"))
    number, items, evidence = await text.number(), await text.four_items(), await text.evidence()
    evidence.check(anchors, number, items)
    assert number.number == "999999990018"
    for shown in (b"999999990018", "見本".encode(), items.address.encode(), number.file, items.signed[:8]):
        assert shown not in wire.heard
    await text.certificate()
    await (await TextSupport.select(wire)).verify(Pin.MATCH_A, typed("a"))
    assert b"999999990018" in wire.heard, "in the clear it would have been heard"


async def test_plain_and_secured_take_turns_on_one_card(card: CardConnection) -> None:
    """Files in several pieces, at the same time: each piece is of the current file."""
    text = await TextSupport.select(Overheard(card))
    secured = await opened(text)
    first, second = await asyncio.gather(text.evidence(), secured.evidence())
    assert first == second
    assert await text.number() == await secured.number()


async def test_only_the_pin_opens_a_session(text: TextSupport) -> None:
    with pytest.raises(CardRefused):
        await text.secure()
    await text.verify(Pin.MATCH_A, typed("a"))
    with pytest.raises(CardRefused, match="set session key: status 6982"):
        await text.secure()


async def test_a_wrong_match_number_costs_one_try(text: TextSupport) -> None:
    secured = await opened(text)
    with pytest.raises(PinWrong) as wrong:
        await secured.verify(Pin.MATCH_B, typed("19050320359002"))
    assert (wrong.value.tries_left, await secured.tries_left(Pin.MATCH_B)) == (9, 9)
    await secured.verify(Pin.MATCH_B, typed("b"))


async def test_a_session_ends_with_another_selection(card: CardConnection, text: TextSupport) -> None:
    secured = await opened(text)
    await Common.select(card)
    text = await TextSupport.select(card)
    with pytest.raises(CardRefused) as refused:
        await secured.number()
    assert refused.value.sw == 0x69FC
    assert (await (await opened(text)).number()).number == "999999990018"


@pytest.mark.parametrize("read", [TextSupport.number, TextSupport.four_items, TextSupport.evidence])
async def test_a_command_gone_astray_loses_the_session(
    card: CardConnection, read: Callable[[TextSupport], Awaitable[object]]
) -> None:
    """The host counted it and the card did not: a new session is the way out, and no secret was tried again."""
    wire = Lossy(card)
    text = await TextSupport.select(wire)
    secured = await opened(text)
    wire.lose = 1
    with pytest.raises(CardMute):
        await read(secured)
    with pytest.raises(CardRefused) as refused:
        await read(secured)
    assert refused.value.sw == 0x6988
    await read(await text.secure())


class Lossy(Overheard):
    """Loses as many commands as it is told to, on their way to the card."""

    lose = 0

    async def transmit(self, command: bytes | bytearray, deadline_s: float = 10.0) -> bytes:
        if self.lose:
            self.lose -= 1
            raise CardMute("lost")
        return await super().transmit(command, deadline_s)
