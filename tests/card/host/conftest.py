"""A private card service and readers on it, started afresh for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from drivers.readers import CardHere, ReaderHere, ServiceHere
from drivers.readers.pcsc import PcscReaders
from tests.card.host.told import Told, listening
from tests.card.host.vpcd_card import VpcdCard
from tests.pcsc import PrivatePcscd


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[PrivatePcscd]:
    with PrivatePcscd(tmp_path) as service:
        service.start()
        yield service


@pytest.fixture
async def readers(pcscd: PrivatePcscd) -> AsyncIterator[PcscReaders]:
    readers = PcscReaders()
    yield readers
    await readers.close()


@pytest.fixture
async def told(readers: PcscReaders, pcscd: PrivatePcscd) -> AsyncIterator[Told]:
    """Events of `readers`, after those of two empty readers."""
    async with listening(readers) as told:
        await told.hear(ServiceHere(), *map(ReaderHere, pcscd.readers))
        yield told


@pytest.fixture
def slot(pcscd: PrivatePcscd) -> str:
    """The first reader's name."""
    return pcscd.readers[0]


@pytest.fixture
async def card(pcscd: PrivatePcscd, told: Told, slot: str) -> AsyncIterator[VpcdCard]:
    """A card in the first reader, seen, that answers 9000 to everything."""
    with VpcdCard(pcscd.slot(0)) as card:
        await told.hear(CardHere(slot))
        yield card
