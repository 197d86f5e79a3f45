"""A cover that can change its words without ever showing what lies below."""

from __future__ import annotations

import asyncio

from kiosk.screens import CardAway, Stage


class Cover:
    """Nothing is covered before the first `lay`; leaving the `async with` block lifts it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._tasks: list[asyncio.Task[None]] = []
        self._code = ""

    async def __aenter__(self) -> Cover:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def lay(self, screen: CardAway) -> None:
        """Show `screen` on top; one with the same code as the last goes on counting instead."""
        if screen.code == self._code:
            return
        self._code = screen.code
        self._tasks.append(asyncio.ensure_future(self._stage.cover(screen)))
