"""systemd is pinged while the kiosk on the screen lives, and only then; a stopped kiosk process is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from kiosk import process
from kiosk.counts import Counts
from kiosk.process import KioskProcess
from kiosk.supervisor import Supervisor
from kiosk.watchdog import Watchdog
from tests.deploy.box import Systemd

DAY = date(2026, 11, 21)
STAND_IN = textwrap.dedent("""
    import json, signal, sys, threading, time
    beating = threading.Event()
    def say(what, **more): print(json.dumps({"said": what, **more}), flush=True)
    def beat():
        while True:
            if beating.is_set(): say("alive")
            time.sleep(0.02)
    signal.signal(signal.SIGUSR1, lambda *_: beating.clear())
    threading.Thread(target=beat, daemon=True).start()
    say("ready")
    for line in sys.stdin:
        say("shown"); say("screen", name="attract"); beating.set()
""")
"""A kiosk process for the supervisor, with a quick pulse; SIGUSR1 stops its painting, and with that its pulse."""


@asynccontextmanager
async def supervised(folder: Path, watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[int]]:
    """The process numbers that took the screen, one after the other."""
    took: list[int] = []

    async def start(arguments: object) -> KioskProcess:
        pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
        return KioskProcess(await asyncio.create_subprocess_exec(sys.executable, "-c", STAND_IN, **pipes))

    def take(kiosk: KioskProcess) -> None:
        took.append(kiosk.pid)
        watchdog.take(kiosk)

    monkeypatch.setattr(KioskProcess, "start", start)
    monkeypatch.setattr(process, "SILENCE_S", 0.5)
    monkeypatch.setattr(process, "GOODBYE_S", 0.2)
    counts = Counts(folder / "counts.db")
    running = asyncio.create_task(Supervisor([], counts, lambda: DAY, take).run())
    try:
        yield took
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        counts.close()


async def hears(systemd: Systemd, part: str) -> None:
    await asyncio.to_thread(systemd.hears, part)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - another process decides
            await asyncio.sleep(0.01)


@pytest.mark.logs("hung; crash number 1 today")
@pytest.mark.parametrize("trouble", [signal.SIGSTOP, signal.SIGUSR1], ids=["stopped", "paints no more"])
async def test_a_kiosk_that_hangs_is_replaced_and_does_not_ping(
    tmp_path: Path, systemd: Systemd, monkeypatch: pytest.MonkeyPatch, trouble: signal.Signals
) -> None:
    async with supervised(tmp_path, Watchdog(systemd.environment), monkeypatch) as took:
        await hears(systemd, "READY=1")
        await hears(systemd, "WATCHDOG=1")
        os.kill(took[0], trouble)
        if trouble is signal.SIGSTOP:
            await until(lambda: _stopped(took[0]))
        await until(lambda: not systemd.has_heard() or len(took) > 1)
        assert len(took) == 1, "silence came before the replacement"
        await until(lambda: len(took) == 2)
        await hears(systemd, "WATCHDOG=1")
        assert took[1] != took[0]
        assert not any("READY" in message for message in systemd.has_heard()), "said once"


def _stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "T"


async def test_nobody_pings_for_a_kiosk_that_has_not_the_screen(tmp_path: Path, systemd: Systemd) -> None:
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    Watchdog(systemd.environment)
    kiosk = KioskProcess(await asyncio.create_subprocess_exec(sys.executable, "-c", STAND_IN, **pipes))
    await kiosk.order("show")
    await kiosk.report("alive")
    assert systemd.has_heard() == []
    await kiosk.end()


def test_an_abstract_socket(tmp_path: Path) -> None:
    """systemd writes the zero byte that such an address begins with as @."""
    name = f"madoguchi-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(f"\0{name}")
        line.settimeout(5)
        Watchdog({"NOTIFY_SOCKET": f"@{name}"})._tell("WATCHDOG=1")
        assert line.recv(100) == b"WATCHDOG=1"


def test_without_systemd_nothing_is_told() -> None:
    Watchdog({})._tell("WATCHDOG=1")


@pytest.mark.logs("systemd was not told WATCHDOG=1")
def test_a_systemd_that_went_away_stops_nothing(tmp_path: Path) -> None:
    Watchdog({"NOTIFY_SOCKET": str(tmp_path / "nobody")})._tell("WATCHDOG=1")
