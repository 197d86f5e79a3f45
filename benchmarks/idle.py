"""What standing still costs: processor time of a whole kiosk process while nobody does anything.

At 1080p in software, on the attract screen and on home, with the real backend that it looks for again and again.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

from benchmarks._report import report
from drivers.software_card.control_client import CardBox
from kiosk.driver import Driver
from kiosk.process import KioskProcess
from kiosk.programs import Program

STANDS_S = 30.0
SETTLES_S = 3.0
GOAL = 0.01
"""Seconds of processor time in a second: of one core."""
PIN = ("1", "2", "3", "4", "Return")


def main() -> None:
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


async def _measure(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data))
    backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
    address = ("--backend", backend.ready["ready"], "--ca", backend.ready["ca"], "--reader", f"direct:{data}")
    kiosk = await KioskProcess.start((*address, "--size", "1920x1080", "--show", "--driven"))
    driver = Driver()
    driver.take(kiosk)
    try:
        await driver.reach("attract")
        await _report("attract", kiosk)
        await asyncio.to_thread(CardBox(data).insert, "adult")
        await driver.reach("sign_in.pin")
        await driver.press(*PIN)
        await driver.reach("home")
        await _report("home", kiosk)
    finally:
        await kiosk.end()
        await backend.stop()
        await card.stop()


async def _report(screen: str, kiosk: KioskProcess) -> None:
    """The floor is one core."""
    await asyncio.sleep(SETTLES_S)
    used, start = _processor_s(kiosk.pid), time.monotonic()
    await asyncio.sleep(STANDS_S)
    passed = time.monotonic() - start
    report(f"idle.{screen}", _processor_s(kiosk.pid) - used, passed, GOAL, unit="s of processor time, of one core")


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
