"""The line to the backend, looked after as long as somebody is or may be served: gone, and back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Never, TypeVar

from backend_client import wire
from backend_client.errors import BackendError
from kiosk.outage import Outage, told_by
from kiosk.race import first
from kiosk.screens import Screen

A = TypeVar("A")

EVERY_S = 10.0
AWAY_S = 5.0
"""How often the backend is asked: while all is well, and while something is away."""
SURE_S = 2.0
"""One lost answer is no outage: asked once more so much later."""

Health = Callable[[], Awaitable[wire.Health]]


class Line:
    """`outage` is what was found last; nothing is away before the first look."""

    def __init__(self, health: Health | None) -> None:
        """Without a way to ask for it, all is taken to be well."""
        self.outage = Outage()
        self._health = health
        self._changed = asyncio.Event()

    async def watch(self) -> Never:
        """Look now, and again and again."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S if self.outage == Outage() else AWAY_S)

    async def look(self) -> None:
        """Find out what is away now."""
        found = await self._found()
        if found.line and not self.outage.line:
            await asyncio.sleep(SURE_S)
            found = await self._found()
        if found != self.outage:
            self.outage = found
            self._changed.set()

    async def _found(self) -> Outage:
        if self._health is None:
            return Outage()
        try:
            return told_by(await self._health())
        except BackendError:
            return Outage(line=True)

    def ring(self) -> None:
        """What screens are made of has changed in another way."""
        self._changed.set()

    async def follow(self, show: Callable[[Screen[A]], Awaitable[A]], make: Callable[[], Screen[A] | None]) -> A | None:
        """Show what `make` makes, made anew whenever something went away or came back; None as soon as it makes none.

        Raises what `show` raises.
        """
        while (screen := make()) is not None:
            self._changed.clear()
            given = await first(_given(show(screen)), self._change())
            if given:
                return given[0]
        return None

    async def _change(self) -> tuple[()]:
        await self._changed.wait()
        return ()


async def _given(answer: Awaitable[A]) -> tuple[A]:
    return (await answer,)
