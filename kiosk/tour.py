"""The tour: drives the real kiosk process by key events and the real software card, and keeps a picture of each step.

A tour is data: which screen must come up, and what is done then. It succeeds only when every screen was reached.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.software_card.control_client import CardBox
from kiosk.process import KioskProcess

STEP_S = 30.0
"""How long a screen may take to come up before the tour has failed; far above any budget, for slow machines."""


@dataclass(frozen=True, slots=True)
class Insert:
    card: str


@dataclass(frozen=True, slots=True)
class Remove:
    pass


Deed = str | Insert | Remove
"""A key by its Qt name, or something done with the card."""


@dataclass(frozen=True, slots=True)
class Step:
    """Wait for `screen`, take its picture, then do `deeds` in order."""

    screen: str
    deeds: tuple[Deed, ...] = ()


class Lost(Exception):
    """An expected screen was not reached."""


class Tour:
    """Plays the steps on whichever process has the screen."""

    def __init__(self, steps: tuple[Step, ...], box: CardBox, folder: Path) -> None:
        self._steps = steps
        self._box = box
        self._folder = folder
        self._process: KioskProcess | None = None
        self._on_screen = asyncio.Event()
        self.log: list[dict[str, Any]] = []

    def take(self, process: KioskProcess) -> None:
        """A process took the screen: from now on the tour drives this one."""
        self._process = process
        self._on_screen.set()

    async def run(self) -> None:
        """Raises Lost, naming the screen wanted and the one that was there. Writes tour.json in any case."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for old in self._folder.glob("*.png"):
            old.unlink()
        await self._on_screen.wait()
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
        await self._reach(step.screen)
        waited_ms = round(1000 * (time.monotonic() - start), 1)
        picture = f"{number:02d}-{step.screen.replace('.', '-')}.png"
        shown = await self._driven("grab", path=str((self._folder / picture).resolve()))
        if shown["name"] != step.screen:
            raise Lost(f"step {number}: {step.screen} came up and was gone, {shown['name']} is there")
        self.log.append({"step": number, "screen": step.screen, "kind": shown["kind"], "picture": picture, "ms": waited_ms})
        for deed in step.deeds:
            await self._do(deed)

    async def _reach(self, screen: str) -> None:
        try:
            async with asyncio.timeout(STEP_S):
                while self._current().screen != screen:
                    await self._current().screen_change()
        except TimeoutError as exc:
            raise Lost(f"{screen} did not come up within {STEP_S:.0f} s, {self._current().screen} is there") from exc

    async def _do(self, deed: Deed) -> None:
        if isinstance(deed, Insert):
            await asyncio.to_thread(self._box.insert, deed.card)
        elif isinstance(deed, Remove):
            await asyncio.to_thread(self._box.remove)
        else:
            await self._driven("press", key=deed)

    async def _driven(self, do: str, **details: Any) -> dict[str, Any]:
        return await self._current().drive(do, **details)

    def _current(self) -> KioskProcess:
        assert self._process is not None  # noqa: S101 - run() waited for it
        return self._process
