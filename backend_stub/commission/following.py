"""Following the gateway live. Its stream is a bell, not the news: what rings is then fetched by position and time.

So a stream that breaks loses nothing: when it is open again, what happened in between is fetched first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from backend_stub.body import Refusal
from backend_stub.commission.witness import GATEWAY
from backend_stub.peers import Peers

log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0


class Follower:
    """Listens to GET /gateway/events, and calls `keep_up` whenever something has happened, one call at a time."""

    def __init__(self, peers: Peers, keep_up: Callable[[], Awaitable[None]]) -> None:
        self._peers = peers
        self._keep_up = keep_up
        self._bell = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    def start(self) -> None:
        """Begin, in the loop that runs."""
        if not self._tasks:
            self._tasks = (asyncio.create_task(self._listen()), asyncio.create_task(self._work()))

    def ring(self) -> None:
        """Something has happened."""
        self._bell.set()

    async def close(self) -> None:
        """Stop. What was not fetched is fetched at the next start."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._tasks = ()

    async def _listen(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                async with self._peers.listen(GATEWAY, "/events", uuid4().hex) as lines:
                    async for _line in lines:
                        wait_s = FIRST_WAIT_S
                        self._bell.set()
            except Refusal as refusal:
                log.info("the gateway's events are not heard: %s", refusal.code)
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _work(self) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._keep_up()
                wait_s = FIRST_WAIT_S
            except (Refusal, DBAPIError) as exc:
                log.warning("the gateway's log was not followed: %s", _why(exc))
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
                self._bell.set()


def _why(exc: Refusal | DBAPIError) -> str:
    return exc.code if isinstance(exc, Refusal) else type(exc.orig).__name__
