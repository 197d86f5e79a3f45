"""An issued card, the field of a reader at a UDP port, and nfcpy's own driver on the other end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.readers import ReaderHere
from drivers.readers.nfc import NfcReaders
from drivers.software_card.blank import make_blank
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.faults import Faults, parse
from drivers.software_card.folder import CardFolder, card_folders, open_card
from drivers.software_card.links.isodep import TypeB
from drivers.software_card.links.nfc_udp import UdpField
from tests.card.host.told import Told, listening
from tests.card.software.issuer import issue_all

QUICK = TypeB(waiting_time_code=7)
"""A card that is given up 39 ms after its last sign of life, five times over: tests of silence need not last."""


class Recorder(Exchange):
    """Keeps the commands that reach the card."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[bytes] = []
        self.heard = asyncio.Event()
        """Set at each command."""

    async def answer(self, card: SoftwareCard, command: bytes) -> bytes:
        self.commands.append(command)
        self.heard.set()
        return await super().answer(card, command)


class Field(UdpField):
    """A field whose card fails as a test says, and what it heard."""

    def __init__(self) -> None:
        self.exchange = Recorder()
        super().__init__(self.exchange)
        self.path = ""

    def fail(self, *rules: str) -> None:
        """From now on, in the words of the fault rules; the next command is number 0. None ends all faults."""
        self.exchange.faults = Faults(map(parse, rules))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CardFolder:
    data = tmp_path_factory.mktemp("issued")
    make_blank(data, "adult")
    folders = card_folders(data)
    issue_all(folders)
    return folders[0]


@pytest.fixture
def card(folder: CardFolder, tmp_path: Path) -> SoftwareCard:
    """The card with all its tries."""
    card = open_card(folder)
    card.counters.restore("auth")
    return card


@pytest.fixture
async def field() -> AsyncIterator[Field]:
    """An empty field."""
    field = Field()
    field.path = await field.open("127.0.0.1")
    yield field
    await field.close()


@pytest.fixture
async def readers(field: Field) -> AsyncIterator[NfcReaders]:
    readers = NfcReaders(field.path)
    yield readers
    await readers.close()


@pytest.fixture
async def told(readers: NfcReaders, field: Field) -> AsyncIterator[Told]:
    """Events of `readers`, after that of the empty reader."""
    async with listening(readers) as told:
        await told.hear(ReaderHere(field.path))
        yield told
