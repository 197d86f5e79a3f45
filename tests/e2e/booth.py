"""A whole booth for a test: card program, backend and supervised kiosk as real programs behind a real card service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from drivers.software_card.control_client import CardBox
from kiosk.counts import Counts
from kiosk.driver import Driver
from kiosk.programs import Program
from kiosk.supervisor import Supervisor

DAY = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Booth:
    data: Path
    box: CardBox
    driver: Driver
    supervisor: Supervisor
    counts: Counts
    backend: Program

    async def insert(self, card: str, slot: int = 0) -> None:
        await asyncio.to_thread(self.box.insert, card, slot)

    async def remove(self, slot: int = 0) -> None:
        await asyncio.to_thread(self.box.remove, slot)

    async def sign_in(self, card: str = "adult", pin: str = "1234") -> None:
        """From attract to home, as a person does it."""
        await self.driver.reach("attract")
        await self.insert(card)
        await self.driver.reach("sign_in.pin")
        await self.driver.press(*pin, "Return")
        await self.driver.reach("home")


@asynccontextmanager
async def booth(data: Path, vpcd: str, profile: str = "stb") -> AsyncIterator[Booth]:
    card = await Program.start("drivers.software_card", "--data", str(data), "--vpcd", vpcd)
    backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
    counts = Counts(data / "kiosk" / "counts.db")
    driver = Driver()
    address = ["--backend", backend.ready["ready"], "--ca", backend.ready["ca"], "--reader", "pcsc"]
    arguments = ["--profile", profile, "--size", "1280x720", *address, "--driven"]
    supervisor = Supervisor(arguments, counts, lambda: DAY, driver.take)
    running = asyncio.create_task(supervisor.run())
    try:
        yield Booth(data, CardBox(data), driver, supervisor, counts, backend)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        counts.close()
        await backend.stop()
        await card.stop()
