"""The hospital's reception: from the card to the result on the window, and eligibility checks beside a bare read.

`hospital.result` is one visit of a patient who answers at once: card placed to result painted, without the time in
which the card computes. Its floor is the time of the visit's own round trips; two frames come on top.
`hospital.checks` is the medical body alone on a core (`_hospital_checks`).
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop

from backend_client.client import Backend
from benchmarks._hospital_checks import measure
from benchmarks._report import report
from drivers.card.jpki import Jpki
from drivers.readers import CardConnection
from drivers.readers.direct import find
from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox
from kiosk.programs import Program
from kiosk.stage import QtStage
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

RUNS = 9
FRAMES_MS = 2 * 1000 / 60
RESULT = 2.0
PATIENT = "adult"


def main() -> None:
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_QUICK_BACKEND="software")
    application = QGuiApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)  # each visit has a window of its own
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, loop:
        data = Path(folder)
        make_blank(data, PATIENT)
        subprocess.run([sys.executable, "-m", "backend_stub", "issue", "--data", folder], check=True)
        loop.run_until_complete(_visits(data))
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))


async def _visits(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data))
    try:
        backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
        try:
            await _result(data, backend)
        finally:
            await backend.stop()
    finally:
        await card.stop()


class _Spent:
    """Milliseconds by what they were spent on."""

    def __init__(self) -> None:
        self.ms: Counter[str] = Counter()

    async def on(self, what: str, work: Any) -> Any:
        began = time.perf_counter()
        try:
            return await work
        finally:
            self.ms[what] += 1000 * (time.perf_counter() - began)  # type: ignore[assignment]


async def _result(data: Path, backend: Program) -> None:
    visits = [await _visit(data, backend) for _ in range(RUNS)]
    own = [visit["all"] - visit["card"] for visit in visits]
    line = [visit["line"] for visit in visits]
    floor = statistics.median(line)
    fields = {f"{what}_ms": round(statistics.median(visit[what] for visit in visits), 1) for what in visits[0]}
    goal = RESULT + FRAMES_MS / floor
    report("hospital.result", statistics.median(own), floor, goal, unit="ms", runs=RUNS, **fields)


async def _visit(data: Path, program: Program) -> Counter[str]:
    spent = _Spent()
    backend = Backend(program.ready["ready"], Path(program.ready["ca"]))
    send = backend._send
    backend._send = lambda *a: spent.on("line", send(*a))  # type: ignore[method-assign]
    stage = QtStage(load_profile("hospital"), load_keymap("remote"), load_words())
    painted: asyncio.Queue[str] = asyncio.Queue()
    stage.on_painted = painted.put_nowait
    stage.open((1280, 720))
    stage.reveal()
    visit = Visit(
        stage=stage, readers=find(data), backend=backend, words=load_words(), profile=load_profile("hospital"),
        now=lambda: datetime.now().astimezone(), select=lambda connection: _select(connection, spent),
    )  # fmt: skip
    box = CardBox(data)
    visiting = asyncio.create_task(visit.run())
    try:
        await _until(painted, "attract")
        await asyncio.to_thread(box.insert, PATIENT)
        began = time.perf_counter()
        await _until(painted, "hospital.consent")
        stage.press("Return")
        await _until(painted, "hospital.pin")
        for key in ("1", "2", "3", "4", "Return"):
            stage.press(key)
        await _until(painted, "hospital.insurance")
        spent.ms["all"] = 1000 * (time.perf_counter() - began)  # type: ignore[assignment]
    finally:
        await asyncio.to_thread(box.remove)
        visiting.cancel()
        await asyncio.gather(visiting, return_exceptions=True)
        stage.close()
    return spent.ms


async def _until(painted: asyncio.Queue[str], screen: str) -> None:
    async with asyncio.timeout(30):
        while await painted.get() != screen:
            pass


async def _select(connection: CardConnection, spent: _Spent) -> Jpki:
    transmit = connection.transmit
    connection.transmit = lambda *a, **k: spent.on("card", transmit(*a, **k))  # type: ignore[method-assign]
    return await Jpki.select(connection)


if __name__ == "__main__":
    main()
