"""The real backend goes away and comes back under a running kiosk, in the middle of a visit."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.programs import Program
from tests.e2e.booth import Booth, booth
from tests.pcsc import PrivatePcscd

CHANGE_S = 40.0


async def shown_anew(b: Booth) -> None:
    """Home stands and nobody presses a key: only the line can make it anew."""
    async with asyncio.timeout(CHANGE_S):
        await b.driver.process.screen_change()
    await b.driver.reach("home")


async def test_the_backend_goes_and_comes_back(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        await b.driver.press("1")
        await b.driver.reach("notices")
        await b.driver.press("Escape")
        await b.driver.reach("home")
        await b.backend.stop()
        await shown_anew(b)
        await b.driver.press("1")
        await b.driver.reach("E-10")
        await b.driver.press("2")  # what was kept
        await b.driver.reach("notices")
        await b.driver.press("Escape")
        await b.driver.reach("home")
        port = str(urlsplit(b.backend.ready["ready"]).port)
        backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", port)
        try:
            await shown_anew(b)
            await b.driver.press("1")
            await b.driver.reach("E-30")  # a portal that was killed has forgotten who was there
            await b.driver.press("1")
            await b.driver.reach("sign_in.pin")
            await b.driver.press("1", "2", "3", "4", "Return")
            await b.driver.reach("notices")
        finally:
            await backend.stop()
