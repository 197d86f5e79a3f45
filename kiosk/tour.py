"""The tour: drives the real kiosk process by key events and the real software card, and keeps a picture of each step.

A tour is data: which screen must come up, and what is done then. It succeeds only when every screen was reached.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.software_card.control_client import CardBox
from kiosk.driver import Driver, Lost


@dataclass(frozen=True, slots=True)
class Insert:
    card: str


@dataclass(frozen=True, slots=True)
class Remove:
    pass


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody reads before pressing anything."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Staff:
    """What the municipality does meanwhile: a command of the backend's."""

    command: str


Deed = str | Insert | Remove | Read | Staff
"""A key by its Qt name, something done with the card, or somebody else's doing."""

Commands = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """Wait for `screen`, take its picture, then do `deeds` in order."""

    screen: str
    deeds: tuple[Deed, ...] = ()


class Tour:
    """Plays the steps; `log` has one entry a step, with the time its screen took to come up."""

    def __init__(self, steps: tuple[Step, ...], driver: Driver, box: CardBox, folder: Path, staff: Commands) -> None:
        self._staff = staff
        self._steps = steps
        self._driver = driver
        self._box = box
        self._folder = folder.resolve()
        self.log: list[dict[str, Any]] = []

    async def run(self) -> None:
        """Raises Lost, naming the screen wanted and the one that was there. Writes tour.json in any case."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            old.unlink()
        failed = ""
        try:
            for number, step in enumerate(self._steps, 1):
                await self._play(number, step)
        except Lost as exc:
            failed = str(exc)
            raise
        finally:
            story = {"ok": not failed, "failed": failed, "steps": self.log}
            (self._folder / "tour.json").write_text(json.dumps(story, ensure_ascii=False, indent=1) + "\n", "utf-8")

    async def _play(self, number: int, step: Step) -> None:
        start = time.monotonic()
        await self._driver.reach(step.screen)
        waited_ms = round(1000 * (time.monotonic() - start), 1)
        picture = f"{number:02d}-{step.screen.replace('.', '-')}.png"
        shown = await self._driver.grab(self._folder / picture)
        if shown["name"] != step.screen:
            raise Lost(f"step {number}: {step.screen} came up and was gone, {shown['name']} is there")
        self.log.append(
            {"step": number, "screen": step.screen, "kind": shown["kind"], "picture": picture, "ms": waited_ms}
        )
        for deed in step.deeds:
            await self._do(deed)

    async def _do(self, deed: Deed) -> None:
        if isinstance(deed, Insert):
            await asyncio.to_thread(self._box.insert, deed.card)
        elif isinstance(deed, Remove):
            await asyncio.to_thread(self._box.remove)
        elif isinstance(deed, Read):
            await asyncio.sleep(deed.seconds)
        elif isinstance(deed, Staff):
            await self._staff(deed.command)
        else:
            await self._driver.press(deed)
