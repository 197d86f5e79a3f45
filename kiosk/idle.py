"""How long nobody has done anything."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Idle:
    """Runs on the event loop's clock; needs a running loop."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._moved = asyncio.Event()
        self._sooner = asyncio.Event()
        self._due = asyncio.get_running_loop().time() + limit_s

    def touch(self) -> None:
        """Somebody is there."""
        due = asyncio.get_running_loop().time() + self._limit_s
        if due < self._due:
            self._sooner.set()
        self._due = due
        self._moved.set()

    async def moved(self) -> None:
        """Return when somebody is there again."""
        self._moved.clear()
        await self._moved.wait()

    def allow(self, limit_s: float) -> None:
        """From now on so long counts as idle; a new screen is a fresh start."""
        self._limit_s = limit_s
        self.touch()

    async def over(self) -> None:
        """Return when nothing has happened for the limit."""
        clock = asyncio.get_running_loop()
        while clock.time() < self._due:
            # Not woken by each key: Qt's loop keeps a timer that was cancelled until it would have gone off.
            self._sooner.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._due):
                    await self._sooner.wait()
