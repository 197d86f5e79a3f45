"""Drives whichever kiosk process has the screen, as a person with a remote control would, and sees what it shows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from kiosk.process import KioskProcess

REACH_S = 30.0
"""How long a screen may take to come up before we are lost; far above any budget, for slow machines."""


class Lost(Exception):
    """An expected screen was not reached."""


class Driver:
    """Hand `take` to the supervisor as `on_screen`; it must run its processes with `--driven`."""

    def __init__(self) -> None:
        self._process: KioskProcess | None = None
        self._taken = asyncio.Event()

    def take(self, process: KioskProcess) -> None:
        """A process took the screen: from now on this one is driven."""
        self._process = process
        self._taken.set()

    @property
    def process(self) -> KioskProcess:
        assert self._process is not None, "no process has taken the screen yet"  # noqa: S101
        return self._process

    async def reach(self, screen: str, within_s: float = REACH_S) -> None:
        """Wait until the screen of this name is up. Raises Lost, naming the one that is there instead."""
        try:
            async with asyncio.timeout(within_s):
                if self._process is None:
                    await self._taken.wait()
                while self.process.screen != screen:
                    await self._change()
        except TimeoutError as exc:
            there = self._process.screen if self._process else "no process"
            raise Lost(f"{screen} did not come up within {within_s:.0f} s, {there} is there") from exc

    async def _change(self) -> None:
        """Wait for another screen, or for another process to take it."""
        self._taken.clear()
        taken = asyncio.ensure_future(self._taken.wait())
        either: set[asyncio.Future[Any]] = {self.process.screen_change(), taken}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            taken.cancel()

    async def press(self, *keys: str) -> None:
        """Press keys by their Qt names, one after the other."""
        for key in keys:
            await self.process.drive("press", key=key)

    async def staff(self, key: str, picture: Path | None) -> dict[str, str]:
        """Press a key in the staff's window, unless it is empty, and save a picture of it, where one is wanted.

        Gives the reception `number` of the visit that is chosen there, empty before there is an answer.
        """
        done = await self.process.drive("staff", key=key, path=str(picture or ""))
        return {"number": done.get("number", "")}

    async def title(self) -> str:
        """The heading of what is shown, for a number that one person passes on to another."""
        shown = await self.process.drive("read")
        return str(shown["title"])

    async def grab(self, picture: Path) -> dict[str, Any]:
        """Save what is shown as PNG. Returns the screen's `name`, `kind` and focused key at that moment."""
        return await self.process.drive("grab", path=str(picture))
