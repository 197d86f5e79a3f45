"""The stream to the boxes: the whole state at once, again whenever it changes, and a heartbeat in between.

Because each event is the whole state, a box that was away for a while has missed nothing when it is back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import msgspec

from backend_client.wire import EmergencyState

HEARTBEAT_S = 10.0
"""So often something is sent. Boxes take a stream for dead that is quiet for longer."""
BEAT = b": \n\n"


class Broadcast:
    """Tells everybody who listens. Slow listeners skip what was replaced before they took it."""

    def __init__(self, state: Callable[[], EmergencyState], heartbeat_s: float = HEARTBEAT_S) -> None:
        self._state = state
        self._heartbeat_s = heartbeat_s
        self._bells: set[asyncio.Event] = set()

    @property
    def listeners(self) -> int:
        return len(self._bells)

    def ring(self) -> None:
        """Something has changed."""
        for bell in self._bells:
            bell.set()

    async def listen(self) -> AsyncIterator[bytes]:
        """Server-sent events, until the listener goes away."""
        bell, told = asyncio.Event(), None
        self._bells.add(bell)
        try:
            while True:
                bell.clear()
                state = self._state()
                yield BEAT if state.notices == told else _event(state)
                told = state.notices
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._heartbeat_s):
                        await bell.wait()
        finally:
            self._bells.discard(bell)


def _event(state: EmergencyState) -> bytes:
    return b"data: " + msgspec.json.encode(state) + b"\n\n"
