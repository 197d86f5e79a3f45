"""What is in force, as it changes: by a stream, by asking where none gets through, again and again, for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

import msgspec

from backend_client import wire
from backend_client.errors import BackendError, Broken

T = TypeVar("T")

STREAM, STATE = "/emergency/stream", "/emergency/state"
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 20.0
"""So long after a stream has ended another is tried: a town's boxes must not all come back in the same second twice."""
DATA = "data: "


class Line(Protocol):
    """What the state is asked by: `Backend`."""

    def listen(self, path: str) -> AbstractAsyncContextManager[AsyncIterator[str]]: ...

    async def ask(
        self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None
    ) -> T: ...


async def states(
    line: Line, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> AsyncIterator[wire.EmergencyState]:
    """Every state the body tells, until cancelled; never raises BackendError.

    Each is whole, so nothing is missed while the line is down. Before each new stream the state is asked for once:
    where something on the way keeps streams back, that is what the box lives by.
    """
    wait_s = FIRST_WAIT_S
    while True:
        try:
            async with line.listen(STREAM) as lines:
                async for state in _told(lines):
                    wait_s = FIRST_WAIT_S
                    yield state
        except BackendError:
            pass  # the line is down; nothing on the screen depends on it
        await pause(wait_s)
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        try:
            state = await line.ask("GET", STATE, None, wire.EmergencyState, None)
        except BackendError:
            continue
        yield state


async def _told(lines: AsyncIterator[str]) -> AsyncIterator[wire.EmergencyState]:
    async for line in lines:
        if line.startswith(DATA):
            try:
                yield msgspec.json.decode(line.removeprefix(DATA), type=wire.EmergencyState)
            except (msgspec.DecodeError, RecursionError) as exc:
                raise Broken("not a state") from exc
