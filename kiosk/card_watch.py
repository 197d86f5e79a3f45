"""What stands in front of the kiosk: readers, the cards in them, and the one that is ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Never

from drivers.errors import CardError, CardGone, NoReader, NotOurCard, ReaderBusy, ReaderFault, ServiceCause, ServiceDown
from drivers.readers import (
    CardAway,
    CardConnection,
    CardHere,
    CardSteady,
    CardWobbles,
    ReaderAway,
    ReaderEvent,
    ReaderHere,
    Readers,
    ServiceAway,
    ServiceHere,
)
from kiosk.desk import Card

Select = Callable[[CardConnection], Awaitable[Card]]


class WatchEnded(Exception):
    """The readers' events ended, which they never do; nothing can be served any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A selected card where it lies. `placement` counts the cards put down, so that no quick swap goes unnoticed."""

    reader: str
    placement: int
    connection: CardConnection
    card: Card


class CardWatch:
    """Follows the readers' events and picks the card by SELECT, whichever reader it is in."""

    def __init__(self, readers: Readers, select: Select) -> None:
        self._readers = readers
        self._select = select
        self._service: ServiceCause | None = None
        self._placements = 0
        self._not_ours: set[int] = set()
        self._ignored: set[int] = set()
        self._wake = asyncio.Event()
        self.readers: set[str] = set()
        self.cards: dict[str, int] = {}
        """Reader -> placement of the card in it."""
        self.wobbling: set[str] = set()
        """Readers whose card does not lie still."""
        self.version = 0
        """Counts the events, so that a change during somebody's `await` is not missed."""

    async def follow(self) -> Never:
        """Take in events for as long as it runs."""
        async for event in self._readers.events():
            self._note(event)
            self.version += 1
            self._wake.set()
            self._wake = asyncio.Event()
        raise WatchEnded

    def _note(self, event: ReaderEvent) -> None:
        match event:
            case ReaderHere(reader):
                self.readers.add(reader)
            case ReaderAway(reader):
                self.readers.discard(reader)
                self._leave(reader)
            case CardHere(reader):
                self._placements += 1
                self.cards[reader] = self._placements
            case CardAway(reader):
                self._leave(reader)
            case CardWobbles(reader):
                self.wobbling.add(reader)
            case CardSteady(reader):
                self.wobbling.discard(reader)
            case ServiceAway(cause):
                self._service = cause
            case ServiceHere():
                self._service = None

    def _leave(self, reader: str) -> None:
        self.cards.pop(reader, None)
        self.wobbling.discard(reader)

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Return when `wanted` holds; asked again after each event."""
        while not wanted():
            await self._wake.wait()

    async def change(self, since: int) -> None:
        """Return when something has happened since version `since`."""
        await self.until(lambda: self.version != since)

    @property
    def unexamined(self) -> bool:
        """Whether a card lies there that may be ours."""
        return any(placement not in self._not_ours for placement in self.cards.values())

    @property
    def awaited(self) -> bool:
        """Whether a card lies there that is neither foreign nor furniture."""
        return any(placement not in self._not_ours | self._ignored for placement in self.cards.values())

    @property
    def free_reader(self) -> bool:
        return len(self.cards) < len(self.readers)

    def ignore_present(self, but: int | None = None) -> None:
        """Take the cards there now, `but` one, for furniture (a television's own card always lies in its box)."""
        self._ignored |= set(self.cards.values()) - {but}

    async def seat(self) -> Seat:
        """Power and select the card that is ours, past any foreign one.

        Raises what tells a person most about why there is none: ServiceDown, NoReader, ReaderBusy, CardMute (or another
        unreadable card), NotOurCard, CardGone when nothing lies there.
        """
        if self._service is not None:
            raise ServiceDown(self._service)
        if not self.readers:
            raise NoReader
        reason: CardError = CardGone()
        for reader, placement in sorted(self.cards.items()):
            if placement in self._ignored:
                continue
            try:
                return await self._seat(reader, placement)
            except CardError as error:
                reason = max(reason, error, key=_weight)
        raise reason

    async def _seat(self, reader: str, placement: int) -> Seat:
        if placement in self._not_ours:
            raise NotOurCard
        connection = await self._readers.connect(reader)
        try:
            return Seat(reader, placement, connection, await self._select(connection))
        except BaseException as exc:
            if isinstance(exc, NotOurCard):
                self._not_ours.add(placement)
            await connection.close()
            raise

    def holds(self, seat: Seat) -> bool:
        """Whether the card of `seat` still lies where it lay."""
        return self.cards.get(seat.reader) == seat.placement


def _weight(error: CardError) -> int:
    """How much the error tells about a card that a person has put down."""
    if isinstance(error, (CardGone, NoReader)):
        return 0
    if isinstance(error, NotOurCard):
        return 1
    if isinstance(error, ReaderFault):
        return 2 if isinstance(error, ReaderBusy) else 4
    return 3
