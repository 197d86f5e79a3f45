"""The link to vpcd, beside a reader that does what vpcd does. Source: card reference, section 11.1."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from drivers.software_card.card import SoftwareCard
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.vpcd import VpcdLink

OFF, ON, RESET, ATR = b"\x00", b"\x01", b"\x02", b"\x04"
JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
DEADLINE_S = 10.0


class FakeReader:
    """Waits for one card at a time, as vpcd does."""

    def __init__(self) -> None:
        self._cards: asyncio.Queue[Seat] = asyncio.Queue()
        self._seats: list[Seat] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    async def open(self, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._seat, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def card(self) -> Seat:
        return await asyncio.wait_for(self._cards.get(), DEADLINE_S)

    async def close(self) -> None:
        """End like a killed pcscd: nothing listens any more, no card has power."""
        if self._server is not None:
            self._server.close()
        for seat in self._seats:
            await seat.close()

    def _seat(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._seats.append(Seat(reader, writer))
        self._cards.put_nowait(self._seats[-1])


class Seat:
    """The reader's end of one card's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, message: bytes) -> None:
        self._writer.write(len(message).to_bytes(2, "big") + message)

    async def ask(self, message: bytes) -> bytes:
        self.say(message)
        length = await asyncio.wait_for(self._reader.readexactly(2), DEADLINE_S)
        return await self._reader.readexactly(int.from_bytes(length, "big"))

    async def left(self) -> bool:
        """Wait until the card is gone."""
        try:
            return await asyncio.wait_for(self._reader.read(), DEADLINE_S) == b""
        except ConnectionError:
            return True

    async def close(self) -> None:
        self._writer.transport.abort()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


@pytest.fixture
async def reader() -> AsyncIterator[FakeReader]:
    reader = FakeReader()
    await reader.open()
    yield reader
    await reader.close()


@pytest.fixture
def card(data: Path) -> SoftwareCard:
    return open_card(card_folder(data, "adult"))


async def inserted(link: VpcdLink, reader: FakeReader) -> Seat:
    """Put the card in, and give it power as pcscd does."""
    inserting = asyncio.create_task(link.insert())
    seat = await reader.card()
    seat.say(ON)
    await inserting
    return seat


async def test_power_atr_commands_and_reset(reader: FakeReader, card: SoftwareCard) -> None:
    link = VpcdLink(card, "127.0.0.1", reader.port)
    seat = await inserted(link, reader)
    assert card.powered
    assert await seat.ask(ATR) == card.atr
    assert (await seat.ask(JPKI)).hex() == "9000"
    assert (await seat.ask(bytes.fromhex("002000980431323334"))).hex() == "9000"
    seat.say(RESET)
    assert len(await seat.ask(bytes.fromhex("802A0097013100"))) == 258
    seat.say(OFF)
    seat.say(ON)
    assert (await seat.ask(bytes.fromhex("00A4020C020018"))).hex() == "6a82"
    await link.remove()
    assert await seat.left()
    assert not card.powered


async def test_the_card_comes_back_when_the_reader_does(reader: FakeReader, card: SoftwareCard) -> None:
    link = VpcdLink(card, "127.0.0.1", reader.port)
    seat = await inserted(link, reader)
    await seat.ask(JPKI)
    await reader.close()
    again = FakeReader()
    await again.open(reader.port)
    seat = await again.card()
    seat.say(ON)
    assert (await seat.ask(bytes.fromhex("00A4020C020018"))).hex() == "6a82", "it had no power in between"
    await link.remove()
    await again.close()


async def test_a_card_without_power_says_nothing_and_is_put_in_again(reader: FakeReader, card: SoftwareCard) -> None:
    """What pcscd sees when a card was changed between two of its looks."""
    link = VpcdLink(card, "127.0.0.1", reader.port)
    first = await inserted(link, reader)
    await first.close()
    second = await reader.card()
    second.say(JPKI)
    assert await second.left()
    third = await reader.card()
    third.say(ON)
    assert (await third.ask(JPKI)).hex() == "9000"
    assert card.trace.totals.apdus == 1
    await link.remove()


async def test_a_card_waits_for_a_reader_and_can_leave_before_it_comes(reader: FakeReader, card: SoftwareCard) -> None:
    await reader.close()
    link = VpcdLink(card, "127.0.0.1", reader.port)
    inserting = asyncio.create_task(link.insert())
    await reader.open(reader.port)
    seat = await reader.card()
    seat.say(ON)
    await asyncio.wait_for(inserting, DEADLINE_S)
    await link.remove()
    await link.remove()
    assert await seat.left()
