"""Evacuation notices, beside the visit and beside the invitation: over everything, spoken, confirmed with OK.

Imported after the first frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, Never

from backend_client import wire
from kiosk import emergency_screens
from kiosk.box_memory import BoxMemory
from kiosk.flows.evacuated import reminder
from kiosk.race import first
from kiosk.screens import Alarm, Screen, Stage
from kiosk.words import Words

TOO_SOON_S = 1.5
"""An OK sooner than that was meant for what stood there before."""
AGAIN_S = 30.0
"""How often an unconfirmed notice is said aloud."""

States = AsyncIterator[wire.EmergencyState]


class Emergency:
    """Of one process. `words` and `served` are asked each time: language and visitor change."""

    def __init__(
        self,
        stage: Stage,
        states: Callable[[], States],
        memory: BoxMemory,
        words: Callable[[], Words],
        served: Callable[[], bool],
        changed: Callable[[], None],
        speak: Callable[[], None],
        report: Callable[[], None] | None,
    ) -> None:
        """`changed` is told of every change, `speak` says the screen aloud once more.

        `report` is 避難しました while nobody is served; None where it is not offered.
        """
        self._stage = stage
        self._states = states
        self._memory = memory
        self._words = words
        self._served = served
        self._tell_others = changed
        self._speak = speak
        self._report = report
        self._standing: tuple[tuple[wire.EvacuationNotice, float], ...] = ()
        """With the moment, on the loop's clock, when each is over."""
        self._changed = asyncio.Event()
        self._shown: Alarm
        self._since = 0.0
        """How long the page has said what it says."""

    @property
    def notices(self) -> tuple[wire.EvacuationNotice, ...]:
        """In force now, the gravest first. By the body's clock: this box's own may be wrong."""
        now = asyncio.get_running_loop().time()
        return tuple(notice for notice, over in self._standing if over > now)

    async def serve(self) -> Never:
        """For as long as the process shows anything."""
        while True:
            await first(self._follow(), self._remind(), self._tell())

    async def _follow(self) -> None:
        async for state in self._states():
            now = asyncio.get_running_loop().time()
            self._standing = tuple((one, now + (one.valid_until - state.now).total_seconds()) for one in state.notices)
            self._change()

    def _change(self) -> None:
        """Wake who waits, and begin anew."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _moved(self) -> None:
        """Return when the body has told something, or a notice's time is over."""
        changed, clock = self._changed, asyncio.get_running_loop()
        coming = [over for _, over in self._standing if over > clock.time()]
        try:
            async with asyncio.timeout_at(min(coming, default=None)):
                await changed.wait()
        except TimeoutError:
            return

    async def _remind(self) -> Never:
        told: tuple[wire.EvacuationNotice, ...] = ()
        while True:
            if (notices := self.notices) != told:  # a line that comes back says again what is known
                told = notices
                self._stage.reminder = reminder(self._words(), notices[0]) if notices else ""
                self._tell_others()
            await self._moved()

    # --- the page -----------------------------------------------------------------------------------------------------

    @property
    def _fresh(self) -> tuple[wire.EvacuationNotice, ...]:
        return tuple(notice for notice in self.notices if notice.id not in self._memory.confirmed)

    async def _tell(self) -> Never:
        while True:
            if self._fresh:
                await self._page()
            else:
                await self._moved()

    async def _page(self) -> None:
        """One page for all that is fresh, until it is confirmed or nothing is left of it."""
        shown = self._shown = self._screen()
        answer = await first(self._answer(), self._keep_up(shown), self._say_again())
        if not answer:
            return
        self._memory.confirm(notice.id for notice in self.notices)
        if answer == emergency_screens.REPORT and self._report is not None:
            self._report()

    async def _answer(self) -> str:
        clock = asyncio.get_running_loop()
        self._since = clock.time()
        while True:
            answer = await self._stage.alarm(self._shown)
            if clock.time() >= self._since + TOO_SOON_S:
                return answer

    async def _keep_up(self, shown: Alarm) -> str:
        """Say on the page what has changed meanwhile, without showing what lies below."""
        while self._fresh:
            if (screen := self._screen()) != shown:
                shown = self._shown = screen
                self._since = asyncio.get_running_loop().time()
                self._stage.reshow(partial(_in_place, screen))
            await self._moved()
        return ""

    def _screen(self) -> Alarm:
        gravest, *others = self._fresh
        offers = self._report is not None and not self._served()
        return emergency_screens.alarm(self._words(), gravest, len(others), report=offers)

    async def _say_again(self) -> Never:
        while True:
            await asyncio.sleep(AGAIN_S)
            self._speak()


def _in_place(alarm: Alarm, screen: Screen[Any]) -> Screen[Any]:
    return alarm if isinstance(screen, Alarm) else screen
