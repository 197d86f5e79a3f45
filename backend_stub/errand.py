"""Work that a body does of itself: soon after it is told that there is some, and again until all of it is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError

from backend_stub.endpoint import Refusal

log = logging.getLogger(__name__)

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0


class Errand:
    """`work` does all there is and says whether it could; it may raise Refusal and sqlalchemy.exc.DBAPIError."""

    def __init__(self, name: str, work: Callable[[], Awaitable[bool]]) -> None:
        self._name = name
        self._work = work
        self._new = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._started = False

    def start(self) -> None:
        """From now on work of itself."""
        self._started = True
        self.kick()

    def kick(self) -> None:
        """Have what is there done soon, without waiting for it; nothing before `start`."""
        self._new.set()
        if self._started and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._until_done())

    async def close(self) -> None:
        """Stop; what is left waits for the next start."""
        self._started = False
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def _until_done(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            self._new.clear()
            if await self._done() and not self._new.is_set():
                return
            await self._pause(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _done(self) -> bool:
        try:
            return await self._work()
        except (Refusal, DBAPIError) as exc:
            log.info("%s waits: %s", self._name, exc.code if isinstance(exc, Refusal) else type(exc.orig).__name__)
            return False

    async def _pause(self, wait_s: float) -> None:
        """Wait; something new is a reason to try at once."""
        try:
            async with asyncio.timeout(wait_s):
                await self._new.wait()
        except TimeoutError:
            return
