"""Which readers there are and what lies in them, and the software cards of a data folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from drivers.card.jpki import Jpki
from drivers.errors import CardError, NotOurCard
from drivers.readers import Readers
from drivers.software_card.box import Box
from drivers.software_card.control_client import CardBox, CardBoxAway
from drivers.software_card.messages import CardLine
from kiosk import advice
from kiosk.card_deeds import settle, watching
from kiosk.card_watch import CardWatch
from kiosk.station import readers


@dataclass(frozen=True, slots=True)
class ReaderLine:
    reader: str
    holds: str
    """A sentence's end: `nothing`, `an Individual Number Card`, or why that cannot be told."""


@dataclass(frozen=True, slots=True)
class CardList:
    readers: tuple[ReaderLine, ...]
    problem: advice.Advice | None
    """Why there is no reader to show."""
    cards: tuple[CardLine, ...]
    """Software cards."""


async def look(kind: str, data: Path) -> CardList:
    """Use no try and no secret. Raises BrokenCard, CardBoxRefused; why readers cannot be seen is in the result."""
    problem, lines = None, []
    try:
        lines = await _readers(readers(kind))
    except CardError as exc:
        problem = advice.on(exc)
    except ImportError as exc:
        problem = advice.Advice(f"The reader library does not load: {exc}", "Run script/bootstrap.")
    return CardList(tuple(lines), problem, tuple(_cards(data)))


async def _readers(found: Readers) -> list[ReaderLine]:
    async with watching(found) as watch:
        await settle(watch)
        if not watch.readers:
            await watch.seat()  # raises why
        return [ReaderLine(name, await _holds(found, watch, name)) for name in sorted(watch.readers)]


async def _holds(found: Readers, watch: CardWatch, reader: str) -> str:
    if reader not in watch.cards:
        return "nothing"
    try:
        connection = await found.connect(reader)
        try:
            await Jpki.select(connection)
        finally:
            await connection.close()
    except NotOurCard:
        return "another kind of card"
    except CardError as exc:
        return advice.on(exc).detail
    return "an Individual Number Card"


def _cards(data: Path) -> list[CardLine]:
    """As the running box knows them, else as they lie in the folder."""
    try:
        return CardBox(data).list()
    except CardBoxAway:
        return Box(data).cards()
