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
from typing import Any, Protocol

from drivers.software_card.control_client import CardBox
from kiosk.driver import Driver, Lost


@dataclass(frozen=True, slots=True)
class Insert:
    card: str
    slot: int = 0
    """1 is the reader of a reception's staff."""


@dataclass(frozen=True, slots=True)
class Remove:
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Staff:
    """Press a key in the staff's window, where one is named, and keep a picture of it."""

    key: str = ""
    picture: bool = True


@dataclass(frozen=True, slots=True)
class City:
    """What the municipality does meanwhile: a command of the backend's."""

    command: str


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody reads before pressing anything."""

    seconds: float


@dataclass(frozen=True, slots=True)
class TypeNumber:
    """The number that a company's page shows, digit by digit."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The number on the screen that one person gives another: kept, or `typed` digit by digit."""

    typed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The backend goes away, or comes back."""

    up: bool


@dataclass(frozen=True, slots=True)
class Bill:
    """The practice's computer posts what is to be paid by whom the staff's window has chosen."""

    yen: int


@dataclass(frozen=True, slots=True)
class Refund:
    """It wants the last payment given back; or it waits until that was done."""

    wait: bool = False


Deed = str | Insert | Remove | Staff | City | Read | TypeNumber | Offered | Line | Bill | Refund
"""A key by its Qt name, or something done beside the television."""

Commands = Callable[[str], Awaitable[None]]


class Practice(Protocol):
    """What a hospital's tour needs beside the kiosk; `kiosk.tour_practice.PlayedPractice`."""

    async def line(self, *, up: bool) -> None: ...

    def bill(self, number: str, yen: int) -> None: ...

    async def refund(self) -> None: ...

    async def refunded(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """Wait for `screen`, take its picture, then do `deeds` in order."""

    screen: str
    deeds: tuple[Deed, ...] = ()


class Tour:
    """Plays the steps; `log` has one entry a step, with the time its screen took to come up.

    `number` opens a company's page and reads the number on it; `city` runs a command of the municipality's.
    `practice` is whoever works at a hospital beside the kiosk.
    """

    def __init__(
        self,
        steps: tuple[Step, ...],
        driver: Driver,
        box: CardBox,
        folder: Path,
        number: Callable[[], Awaitable[str]],
        city: Commands,
        practice: Practice,
    ) -> None:
        self._city = city
        self._practice = practice
        self._told: dict[str, str] = {}
        """What the staff's window said last of the visit it has chosen."""
        self._offered = ""
        self._steps = steps
        self._driver = driver
        self._box = box
        self._folder = folder.resolve()
        self._number = number
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
        for place, deed in enumerate(step.deeds):
            if isinstance(deed, Staff):
                kept = self._folder / f"{number:02d}-staff-{place}.png" if deed.picture else None
                self._told = await self._driver.staff(deed.key, kept)
            elif isinstance(deed, Line | Bill | Refund):
                await self._work(deed)
            else:
                await self._do(deed)

    async def _work(self, deed: Line | Bill | Refund) -> None:
        if isinstance(deed, Line):
            await self._practice.line(up=deed.up)
        elif isinstance(deed, Bill):
            self._practice.bill(self._told["number"], deed.yen)
        elif deed.wait:
            await self._practice.refunded()
        else:
            await self._practice.refund()

    async def _do(self, deed: str | Insert | Remove | City | Read | TypeNumber | Offered) -> None:
        if isinstance(deed, Insert):
            await asyncio.to_thread(self._box.insert, deed.card, deed.slot)
        elif isinstance(deed, Remove):
            await asyncio.to_thread(self._box.remove, deed.slot)
        elif isinstance(deed, TypeNumber):
            for digit in await self._number():
                await self._driver.press(digit)
        elif isinstance(deed, Offered) and deed.typed:
            await self._driver.press(*self._offered)
        elif isinstance(deed, Offered):
            self._offered = "".join(c for c in await self._driver.title() if c.isascii() and c.isdecimal())
        elif isinstance(deed, Read):
            await asyncio.sleep(deed.seconds)
        elif isinstance(deed, City):
            await self._city(deed.command)
        else:
            await self._driver.press(deed)
