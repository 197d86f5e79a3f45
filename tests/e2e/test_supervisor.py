"""One citizen, one process: handed over, restarted, counted."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.booth import DAY, booth
from tests.pcsc import PrivatePcscd


async def test_a_visit_ends_with_its_process(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        first = b.driver.process
        await b.driver.press("0")
        await b.driver.reach("take_card")
        await b.remove()
        await b.driver.reach("attract")
        assert b.driver.process is not first
        assert await first.ended() == 0
        assert b.counts.on(DAY) == (1, 0)


@pytest.mark.logs("crash number 1 today")
async def test_a_crash_says_once_more_and_is_counted(data: Path, pcscd: PrivatePcscd) -> None:
    async with booth(data, pcscd.vpcd) as b:
        await b.sign_in()
        os.kill(b.driver.process.pid, signal.SIGKILL)
        await b.driver.reach("E-25")
        assert b.counts.on(DAY) == (0, 1)
        await b.driver.press("Return")
        await b.remove()
        await b.driver.reach("attract")


@pytest.mark.logs("crash number 1 today")
async def test_a_hanging_process_is_replaced(data: Path, pcscd: PrivatePcscd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.process.SILENCE_S", 12.0)
    async with booth(data, pcscd.vpcd) as b:
        await b.driver.reach("attract")
        hanging = b.driver.process
        os.kill(hanging.pid, signal.SIGSTOP)
        await b.driver.reach("E-25", within_s=60)
        assert b.driver.process is not hanging
