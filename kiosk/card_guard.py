"""One visit, one card: what happens when it is lifted, comes back, or another one comes."""

from __future__ import annotations

import asyncio
from typing import Never

from drivers.errors import CardError, CardGone, NoReader, ReaderFault
from kiosk import visit_screens
from kiosk.card_watch import CardWatch, Seat
from kiosk.cover import Cover
from kiosk.desk import EndReason
from kiosk.holder import Holder
from kiosk.race import first
from kiosk.screens import Stage
from kiosk.words import Words

PUT_BACK_S = 10
"""How long the same card may be away."""
LOOK_AGAIN_S = 0.3
"""How often a card is tried that wobbles: it is away and back before any event tells of it."""


class CardGuard:
    """Keeps the seat of the visit's card; covers the screen while it is empty, and decides how that ends."""

    def __init__(self, stage: Stage, watch: CardWatch, words: Words, seat: Seat) -> None:
        self._stage = stage
        self._watch = watch
        self._words = words
        self._lost = asyncio.Event()
        self._taken = asyncio.Event()
        self.holder = Holder()
        self.seat = seat
        """Where the visit's card lies, or lay last; at the end perhaps the other card's."""
        self._take(seat)

    def _take(self, seat: Seat) -> None:
        self.seat = seat
        self._watch.ignore_present(but=seat.placement)
        self._lost.clear()
        self._taken.set()
        self._stage.card_inside = True

    def lose(self, seat: Seat) -> None:
        """The card no longer answers: it counts as lifted, even if no reader has reported that (yet)."""
        if seat is self.seat:
            self._taken.clear()
            self._lost.set()

    async def seated(self) -> Seat:
        """The seat, as soon as the visit's card is in it."""
        await self._taken.wait()
        return self.seat

    async def lifted(self, seat: Seat) -> Never:
        """Raises CardGone as soon as the card no longer lies in `seat`."""
        await first(self._away(seat), self._lost.wait())
        self.lose(seat)
        raise CardGone

    async def _away(self, seat: Seat) -> bool:
        await self._watch.until(lambda: not self._watch.holds(seat))
        return True

    async def guard(self) -> EndReason:
        """Let the person put the same card back, any number of times. Returns why the visit is over."""
        while True:
            try:
                await self.lifted(self.seat)
            except CardGone:
                reason = await self._until_back()
            if reason is not None:
                return reason

    async def _until_back(self) -> EndReason | None:
        """None when the holder's card is back."""
        self._stage.card_inside = False
        end = asyncio.get_running_loop().time() + PUT_BACK_S
        async with Cover(self._stage) as cover:
            if not self._watch.holds(self.seat):
                cover.lay(visit_screens.card_away(self._words, self._told(CardGone()), PUT_BACK_S))
            await self.seat.connection.close()
            reason = await self._look(end, cover)
            if reason is not None:
                self._stage.wipe()  # before the cover is lifted
            return reason

    async def _look(self, end: float, cover: Cover) -> EndReason | None:
        clock = asyncio.get_running_loop()
        while True:
            version = self._watch.version
            try:
                return await self._welcome(await self._watch.seat())
            except CardError as error:
                reason = self._told(error)
            if wobbles := isinstance(reason, CardGone) and self._watch.awaited:
                changed = await self._change(version, min(end, clock.time() + LOOK_AGAIN_S))
            else:
                cover.lay(visit_screens.card_away(self._words, reason, max(0, round(end - clock.time()))))
                changed = await self._change(version, end)
            if not changed and not (wobbles and clock.time() < end):
                return EndReason.READER_LOST if isinstance(reason, ReaderFault) else EndReason.CARD_TAKEN

    async def _welcome(self, seat: Seat) -> EndReason | None:
        try:
            same = await self.holder.has(seat.card)
        except BaseException:
            await seat.connection.close()
            raise
        if same:
            self._take(seat)
            return None
        self.seat = seat
        return EndReason.OTHER_CARD

    def _told(self, error: CardError) -> CardError:
        """A card that left together with its reader was not lifted by anybody."""
        if isinstance(error, CardGone) and self.seat.reader not in self._watch.readers:
            return NoReader()
        return error

    async def _change(self, version: int, end: float) -> bool:
        """Whether something changed before `end`."""
        try:
            async with asyncio.timeout_at(end):
                await self._watch.change(version)
        except TimeoutError:
            return False
        return True
