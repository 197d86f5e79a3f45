"""What a stream of reader events has told so far, for tests that wait for the next thing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from drivers.readers import ReaderEvent, Readers

DEADLINE_S = 10.0


class Told:
    """Collects events in the background."""

    def __init__(self) -> None:
        self.events: list[ReaderEvent] = []
        self._changed = asyncio.Condition()

    async def listen(self, readers: Readers) -> None:
        async for event in readers.events():
            async with self._changed:
                self.events.append(event)
                self._changed.notify_all()

    async def hear(self, *expected: ReaderEvent, within_s: float = DEADLINE_S) -> None:
        """Wait until exactly these events, in this order, are all that was told since the last call; forget them."""
        async with self._changed:
            enough = self._changed.wait_for(lambda: len(self.events) >= len(expected))
            try:
                await asyncio.wait_for(enough, within_s)
            except TimeoutError:
                raise AssertionError(f"after {within_s} s told {self.events} instead of {expected}") from None
            told, self.events = self.events[: len(expected)], self.events[len(expected) :]
        assert told == list(expected), f"told {told} instead of {expected}"


@asynccontextmanager
async def listening(readers: Readers) -> AsyncIterator[Told]:
    """Listen while the block runs; the stream must not fail in it."""
    told = Told()
    task = asyncio.create_task(told.listen(readers))
    try:
        yield told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
