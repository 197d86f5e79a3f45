"""Readers for tests: events in order, cards that leave, faults at one APDU."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.errors import CardError, CardGone, CardMute, NoReader, ReaderBusy
from drivers.readers import CardAway, CardConnection, CardHere, ReaderEvent, ReaderHere, Readers
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.folder import card_folder, open_card
from drivers.software_card.links.inprocess import InProcessReaders

READER = "In-process 0"
DEADLINE_S = 0.05
JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
WRONG_PIN, PIN = bytes.fromhex("002000980434333231"), bytes.fromhex("002000980431323334")


@pytest.fixture
def card(data: Path) -> SoftwareCard:
    return open_card(card_folder(data, "adult"))


async def seen(readers: Readers) -> list[ReaderEvent]:
    return [event async for event in readers.events()]


async def test_events_come_in_order(card: SoftwareCard) -> None:
    readers = InProcessReaders("left", "right")
    readers.insert(card, "right")
    readers.remove("right")
    readers.remove("right")
    readers.insert(card)
    await readers.close()
    assert await seen(readers) == [
        ReaderHere("left"),
        ReaderHere("right"),
        CardHere("right"),
        CardAway("right"),
        CardHere("left"),
        CardAway("left"),
    ]


async def test_a_connection_powers_the_card_and_takes_the_power(card: SoftwareCard) -> None:
    readers = InProcessReaders()
    readers.insert(card)
    connection: CardConnection = await readers.connect(READER)
    assert connection.reader == READER
    assert (await connection.transmit(JPKI)).hex() == "9000"
    assert (await connection.transmit(bytearray(PIN))).hex() == "9000"
    with pytest.raises(ReaderBusy):
        await readers.connect(READER)
    await connection.close()
    await connection.close()
    assert not card.powered
    with pytest.raises(CardGone):
        await connection.transmit(JPKI)
    again = await readers.connect(READER)
    await connection.close()
    assert (await again.transmit(JPKI)).hex() == "9000", "the old connection's end is not the new one's"
    await readers.close()


async def test_nothing_to_connect_to() -> None:
    readers = InProcessReaders()
    with pytest.raises(NoReader):
        await readers.connect("elsewhere")
    with pytest.raises(CardGone):
        await readers.connect(READER)


@pytest.mark.parametrize(
    ("deed", "error", "carried_out"),
    [("remove", CardGone, False), ("remove-after", CardGone, True), ("mute", CardMute, True)],
)
async def test_a_fault_hits_one_apdu(card: SoftwareCard, deed: str, error: type[CardError], carried_out: bool) -> None:
    readers = InProcessReaders(exchange=Exchange(Faults([parse(f"apdu=1:{deed}")])))
    readers.insert(card)
    connection = await readers.connect(READER)
    await connection.transmit(JPKI)
    with pytest.raises(error):
        await connection.transmit(WRONG_PIN, DEADLINE_S)
    assert card.counters.left("auth") == (2 if carried_out else 3)
    with pytest.raises(error):
        await connection.transmit(WRONG_PIN, DEADLINE_S)
    assert card.counters.left("auth") == (2 if carried_out else 3), "a card that is gone or mute hears nothing"
    await connection.close()
    if deed != "mute":
        readers.insert(card)
    again = await readers.connect(READER)
    assert (await again.transmit(JPKI)).hex() == "9000"
    assert readers.apdus == 3
    await readers.close()
