"""Nobody is being served: the invitation, what stands in its way, and the card that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Never

from drivers.errors import CardError, CardGone, NoReader, NotOurCard, ReaderBusy
from kiosk import outage, problems, visit_screens
from kiosk.card_watch import CardWatch, Seat
from kiosk.desk import Back
from kiosk.idle import Idle
from kiosk.outage_line import Line
from kiosk.preferences_page import PreferencesPage
from kiosk.race import first
from kiosk.screens import Attract, Stage
from kiosk.words import Words
from stb_profile.profile import Profile

NO_READER_S = 1.0
"""A reader may be away for so long without a word: at the start, and while its plug is moved."""
BUSY_S = 2.0
"""How often a card that another program holds is tried again; nothing announces that it was let go."""
WOBBLE_S = 0.3
"""How often a card is tried that wobbles: it is away and back before any event tells of it."""
FOREIGN_S = 10.0
"""How long E-02 stays while another reader is free."""


class Waiting:
    """Until our card is there. Problems go away by themselves when their cause does."""

    def __init__(
        self,
        stage: Stage,
        watch: CardWatch,
        words: Words,
        profile: Profile,
        idle: Idle,
        end_wanted: asyncio.Event,
        page: PreferencesPage,
        line: Line,
        called: asyncio.Event,
        cardless: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`called`: somebody wants to place a card, and has said so elsewhere.

        `cardless` is for whoever wakes the kiosk and has no card; without it they are asked for one.
        """
        self._stage = stage
        self._watch = watch
        self._words = words
        self._profile = profile
        self._idle = idle
        self._end_wanted = end_wanted
        self._page = page
        self._cardless = cardless
        self._line = line
        self._called = called
        self._woken = False

    async def card(self) -> Seat:
        """Returns the card, powered and selected."""
        seen = -1
        while True:
            version = self._watch.version
            if version != seen and self._watch.unexamined:
                self._stage.put(visit_screens.reading(self._words))
            seen = version
            try:
                return await first(self._watch.seat(), self._given_up())
            except Back:
                self._watch.ignore_present()
            except CardGone:
                if self._watch.awaited:
                    await self._changed(version, WOBBLE_S)
                else:
                    await self._invite(version)
            except CardError as error:
                await self._explain(error, version)

    async def _given_up(self) -> Never:
        """おわる while a card is being read: it counts as not there until it is lifted. Raises Back."""
        self._end_wanted.clear()
        await self._end_wanted.wait()
        self._woken = False
        # At once: a reader that hangs is let go behind the picture.
        self._stage.put(self._invitation())
        raise Back

    async def _invite(self, version: int) -> None:
        asking = self._place_card if self._woken else self._attract
        await first(self._watch.change(version), asking())

    async def _attract(self) -> None:
        with suppress(Back):  # a key like any other
            if language := await first(self._line.follow(self._stage.show, self._invitation), self._call()):
                self._page.speak(language)
        self._woken = True

    async def _call(self) -> None:
        await self._called.wait()
        self._called.clear()

    def _invitation(self) -> Attract:
        screen = visit_screens.attract(self._words, self._profile, self._stage.languages)
        return outage.invitation(screen, self._profile.entry, self._line.outage, self._words)

    async def _place_card(self) -> None:
        self._idle.touch()
        self._end_wanted.clear()
        with suppress(Back):
            screen = visit_screens.place_card(self._words)
            asking = self._stage.show(screen) if self._cardless is None else self._cardless()
            await first(asking, self._idle.over(), self._end_wanted.wait())
        self._woken = False

    async def _explain(self, error: CardError, version: int) -> None:
        """Say why there is no card of ours, until something changes or it is worth looking again."""
        if isinstance(error, NoReader):
            self._stage.put(self._invitation())
            if await self._changed(version, NO_READER_S):
                return
        self._stage.put(problems.problem(self._words, problems.entry_for(error), place=self._profile.entry))
        if isinstance(error, ReaderBusy):
            await self._changed(version, BUSY_S)
        elif isinstance(error, NotOurCard) and self._watch.free_reader:
            if not await self._changed(version, FOREIGN_S):
                self._watch.ignore_present()
        else:
            await self._watch.change(version)

    async def _changed(self, version: int, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._watch.change(version)
        except TimeoutError:
            return False
        return True
