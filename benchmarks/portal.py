"""My Portal: from the PIN to home on the window, long lists beside short ones, and sign-ins beside their bare checks.

`portal.home` is from the last key of the PIN to home painted, without the time in which the card computes; its floor
is the time of the visit's own round trips, and two frames come on top. `portal.list` is from the key to the painted
page of だれが見た？ with 10,000 records beside one with 10.
"""

from __future__ import annotations

import asyncio
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop

from benchmarks._gateway_load import check_wrk
from benchmarks._portal_records import FEW, MANY, fill
from benchmarks._portal_sign_ins import measure as measure_sign_ins
from benchmarks._report import report
from benchmarks._visits import FRAMES_MS, PIN, Seat, visit
from drivers.software_card.blank import make_blank
from kiosk.programs import Program

RUNS, TURNS = 9, 3
HOME, LIST = 2.0, 1.2
OPENS_LIST, GOES_BACK = "2", "Escape"
"""Keys of the remote."""


def main() -> None:
    check_wrk()
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    for talkative in ("alembic", "httpx", "backend_stub"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        measure_sign_ins(Path(folder))
    application = QGuiApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)  # each visit has a window of its own
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, loop:
        data = Path(folder)
        for name in (FEW, MANY):
            make_blank(data, name)
        subprocess.run([sys.executable, "-m", "backend_stub", "issue", "--data", folder], check=True)
        fill(data)
        loop.run_until_complete(_visits(data))


async def _visits(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data))
    try:
        backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
        try:
            await _home(data, backend)
            await _list(data, backend)
        finally:
            await backend.stop()
    finally:
        await card.stop()


async def _home(data: Path, backend: Program) -> None:
    visits = [await _to_home(data, backend) for _ in range(RUNS)]
    floor = _median(visits, "line")
    own = statistics.median(one["all"] - one["card"] for one in visits)
    fields = {f"{what}_ms": round(_median(visits, what), 1) for what in ("all", "line", "card")}
    report("portal.home", own, floor, HOME + FRAMES_MS / floor, unit="ms", runs=RUNS, **fields)


async def _to_home(data: Path, backend: Program) -> Counter[str]:
    async with visit(data, backend, "stb", MANY) as seat:
        return await _sign_in(seat)


async def _list(data: Path, backend: Program) -> None:
    """In turns, so that a slow moment of the machine meets both."""
    told: dict[str, list[Counter[str]]] = {FEW: [], MANY: []}
    for _ in range(TURNS):
        for who, times in told.items():
            times += await _lists(data, backend, who)
    for name, what in (("portal.list", "all"), ("portal.list_request", "line")):
        few, many = _median(told[FEW], what), _median(told[MANY], what)
        report(name, many, few, LIST, unit="ms", runs=TURNS * RUNS)


async def _lists(data: Path, backend: Program, who: str) -> list[Counter[str]]:
    """The first one of a visit warms up and does not count."""
    async with visit(data, backend, "stb", who) as seat:
        await _sign_in(seat)
        told = []
        for _ in range(1 + RUNS):
            told.append(await seat.timed("access_log", OPENS_LIST))
            seat.press(GOES_BACK)
            await seat.until("home")
        return told[1:]


async def _sign_in(seat: Seat) -> Counter[str]:
    await seat.until("sign_in.pin")
    return await seat.timed("home", *PIN, "Return")


def _median(runs: list[Counter[str]], what: str) -> float:
    return statistics.median(one[what] for one in runs)


if __name__ == "__main__":
    main()
