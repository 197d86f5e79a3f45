"""A visit before a real window, for benchmarks: software card, real backend, keys as soon as a screen stands."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from backend_client.client import Backend
from drivers.card.jpki import Jpki
from drivers.readers import CardConnection
from drivers.readers.direct import find
from drivers.software_card.control_client import CardBox
from kiosk.programs import Program
from kiosk.stage import QtStage
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

T = TypeVar("T")

FRAMES_MS = 2 * 1000 / 60
PIN = ("1", "2", "3", "4")
PATIENCE_S = 30


class Spent:
    """Milliseconds by what they were spent on: `line`, `card`."""

    def __init__(self) -> None:
        self.ms: Counter[str] = Counter()

    async def on(self, what: str, work: Awaitable[T]) -> T:
        began = time.perf_counter()
        try:
            return await work
        finally:
            self.ms[what] += 1000 * (time.perf_counter() - began)  # type: ignore[assignment]


@dataclass
class Seat:
    """Who is before the window."""

    stage: QtStage
    spent: Spent
    _painted: asyncio.Queue[str] = field(repr=False)

    async def until(self, screen: str) -> None:
        """Wait for a screen to be painted. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._painted.get() != screen:
                pass

    def press(self, *keys: str) -> None:
        for key in keys:
            self.stage.press(key)

    async def timed(self, screen: str, *keys: str) -> Counter[str]:
        """Press the keys; milliseconds (`all`, `line`, `card`) from the last of them to the painted screen."""
        self.press(*keys[:-1])
        self.spent.ms.clear()
        began = time.perf_counter()
        self.press(keys[-1])
        await self.until(screen)
        return Counter({"all": 1000 * (time.perf_counter() - began), **self.spent.ms})


@asynccontextmanager
async def visit(data: Path, program: Program, profile: str, slot: str) -> AsyncIterator[Seat]:
    """From the invitation, painted, with a card about to be put in: `slot` is the card's name."""
    spent = Spent()
    backend = Backend(program.ready["ready"], Path(program.ready["ca"]))
    send = backend._send
    backend._send = lambda *a: spent.on("line", send(*a))  # type: ignore[method-assign]
    painted: asyncio.Queue[str] = asyncio.Queue()
    stage = QtStage(load_profile(profile), load_keymap("remote"), load_words())
    stage.on_painted = painted.put_nowait
    stage.open((1280, 720))
    stage.reveal()
    visiting = asyncio.create_task(
        Visit(
            stage=stage,
            readers=find(data),
            backend=backend,
            words=load_words(),
            profile=load_profile(profile),
            now=lambda: datetime.now().astimezone(),
            select=lambda connection: _select(connection, spent),
        ).run()
    )
    box, seat = CardBox(data), Seat(stage, spent, painted)
    try:
        await seat.until("attract")
        await asyncio.to_thread(box.insert, slot)
        yield seat
    finally:
        await asyncio.to_thread(box.remove)
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
        stage.close()


async def _select(connection: CardConnection, spent: Spent) -> Jpki:
    transmit = connection.transmit
    connection.transmit = lambda *a, **k: spent.on("card", transmit(*a, **k))  # type: ignore[method-assign]
    return await Jpki.select(connection)
