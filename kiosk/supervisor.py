"""One citizen, one process: keeps a warm kiosk process ready and hands it the screen when a visit ends.

The process that served a visit exits with everything it knew. A crash gives the screen to the warm process at once,
which says もう一度, and is counted. The supervisor itself never sees a card, a name or a session.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date

from kiosk.counts import Counts
from kiosk.process import OVER, READY, SHOWN, Died, KioskProcess

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
"""Back-off before a new process is started after crashes in a row."""


class Supervisor:
    """Runs until cancelled. `on_screen` is told of each process that takes the screen (the tour drives it)."""

    def __init__(
        self,
        arguments: Sequence[str],
        counts: Counts,
        today: Callable[[], date],
        on_screen: Callable[[KioskProcess], None] = lambda process: None,
    ) -> None:
        self._arguments = arguments
        self._counts = counts
        self._today = today
        self._on_screen = on_screen
        self._running: set[KioskProcess] = set()
        self._wait_s = 0.0

    @property
    def pids(self) -> list[int]:
        """The kiosk processes alive now: the one on the screen, the warm one, and one that is just ending."""
        return [process.pid for process in self._running]

    async def run(self) -> None:
        """Serve visit after visit. Cancelling ends every kiosk process before this returns."""
        old: KioskProcess | None = None
        again = False
        warm = asyncio.create_task(self._warm())
        try:
            while True:
                fresh = await warm
                shown = await self._take_screen(fresh, old, again)
                # Only now: until the first picture is there, both cores belong to it.
                warm = asyncio.create_task(self._warm())
                again = not (shown and await self._visit(fresh))
                old = fresh
        finally:
            warm.cancel()
            await asyncio.gather(warm, *map(self._end, list(self._running)), return_exceptions=True)

    async def _take_screen(self, fresh: KioskProcess, old: KioskProcess | None, again: bool) -> bool:
        """Show the fresh window, then end the old process: nobody sees a bare desktop in between."""
        try:
            await fresh.order("show", again=again)
            await fresh.report(SHOWN)
            self._on_screen(fresh)
        except Died as exc:
            self._crashed(fresh, exc)
            return False
        finally:
            if old is not None:
                await self._end(old)
        return True

    async def _visit(self, process: KioskProcess) -> bool:
        """Wait until the visit is over; False when the process died instead."""
        try:
            await process.report(OVER)
        except Died as exc:
            self._crashed(process, exc)
            return False
        self._counts.visit(self._today())
        self._wait_s = 0.0
        return True

    async def _warm(self) -> KioskProcess:
        """Start a process and wait until it is ready to show; again, with growing waits, while they die."""
        while True:
            await asyncio.sleep(self._wait_s)
            process = await KioskProcess.start(self._arguments)
            self._running.add(process)
            try:
                await process.report(READY)
                return process
            except Died as exc:
                self._crashed(process, exc)
                await self._end(process)

    def _crashed(self, process: KioskProcess, exc: Died) -> None:
        self._wait_s = min(max(2 * self._wait_s, FIRST_WAIT_S), LONGEST_WAIT_S)
        self._counts.crash(self._today())
        _visits, crashes = self._counts.on(self._today())
        log.error("kiosk process %d: %s; crash number %d today", process.pid, exc, crashes)

    async def _end(self, process: KioskProcess) -> None:
        await process.end()
        self._running.discard(process)
