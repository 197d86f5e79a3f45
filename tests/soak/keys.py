"""Random keys over the running demo: real stage, real flows, a real town and a real box of cards; one line of JSON.

Visit follows visit in one process, where a real box takes a new process for each: harder on memory, not easier.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")  # frames follow one another at once

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

from backend_client import wire
from backend_client.client import Backend
from backend_client.health import feel_pulse
from drivers.readers.direct import find
from drivers.software_card.control_client import CardBox
from kiosk import words
from kiosk.app import leave_out_what_nobody_uses
from kiosk.preferences import of_box
from kiosk.programs import Program
from kiosk.stage import QtStage
from kiosk.visit import Visit
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile
from tests.soak.fingers import Fingers, Found

KEYS = 100_000
SIZE = (640, 360)
"""A small window: what is sought does not depend on its size, how many keys a second are looked at does."""
SAMPLES = 100
WARM = 0.4
"""Part of the run that is not looked at for its memory: caches fill."""
MB_PER_10000 = 2.0
"""The most that memory may grow with ten thousand keys."""


@dataclass(frozen=True, slots=True)
class Run:
    keys: int
    card_moves: int
    visits: int
    screens: dict[str, int]
    took_s: float
    resident_mb: list[float]
    """Taken at even distances of keys."""

    @property
    def growth(self) -> float:
        """MB with 10,000 keys: the slope of the line through the samples after the warm part."""
        late = self.resident_mb[int(len(self.resident_mb) * WARM) :]
        middle = (len(late) - 1) / 2
        spread = sum((n - middle) ** 2 for n in range(len(late)))
        slope = sum((n - middle) * mb for n, mb in enumerate(late)) / spread if spread else 0.0
        return slope * len(self.resident_mb) / self.keys * 10_000


class Kiosk:
    """Visit after visit on one stage, as the supervisor would have them."""

    def __init__(self, data: Path, backend: str, ca: Path) -> None:
        self.profile = replace(load_profile("stb"), farewell_s=0)
        self.preferences = of_box(self.profile.theme, self.profile.preferences)
        self.words = words.load(self.preferences.language)
        self.stage = QtStage(self.profile, load_keymap(self.profile.keymap), self.words, self.preferences)
        self.visits = 0
        self._data, self._backend, self._ca = data, backend, ca

    async def _health(self) -> wire.Health:
        return (await feel_pulse(self._backend, self._ca)).health

    async def serve(self) -> None:
        while True:
            visit = Visit(
                stage=self.stage,
                readers=find(self._data),
                backend=Backend(self._backend, self._ca),
                words=self.words,
                profile=self.profile,
                now=lambda: datetime.now().astimezone(),
                preferences=self.preferences,
                health=self._health,
            )
            await visit.run()
            self.stage.wipe()
            self.stage.apply(self.preferences, self.words)
            self.visits += 1
            del visit
            gc.collect()  # with a real box the process ends here, and all that a visit has held


async def press(keys: int, seed: int, data: Path, messages: list[str]) -> Run:
    """Raises Found."""
    async with demo(data) as backend:
        kiosk = Kiosk(data, backend.ready["ready"], Path(backend.ready["ca"]))
        kiosk.stage.open(SIZE)
        kiosk.stage.reveal()
        serving = asyncio.create_task(kiosk.serve())
        try:
            fingers = Fingers(kiosk.stage, CardBox(data), Random(seed), messages, partial(_end, serving))
            return await _press(keys, kiosk, fingers)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            kiosk.stage.close()


def _end(serving: asyncio.Task[None]) -> BaseException | None:
    return serving.exception() if serving.done() and not serving.cancelled() else None


async def _press(keys: int, kiosk: Kiosk, fingers: Fingers) -> Run:
    start, resident = time.monotonic(), [_resident_mb()]
    while fingers.pressed < keys:
        await fingers.press()
        if fingers.pressed * SAMPLES >= len(resident) * keys:
            resident.append(_resident_mb())
    took = time.monotonic() - start
    return Run(fingers.pressed, fingers.card_moves, kiosk.visits, dict(fingers.screens.most_common()), took, resident)


@asynccontextmanager
async def demo(data: Path) -> AsyncIterator[Program]:
    """The box of cards and the backend, as programs of their own."""
    card = await Program.start("drivers.software_card", "--data", str(data))
    try:
        backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
        try:
            yield backend
        finally:
            await backend.stop()
    finally:
        await card.stop()


def _resident_mb() -> float:
    """Of this process alone: pages of the font files, mapped as letters are first met, are the system's to drop."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def run(keys: int, seed: int, data: Path) -> Run:
    """One run with an application and loop of its own. Raises Found."""
    leave_out_what_nobody_uses()
    from qasync import QEventLoop

    gc.freeze()  # as kiosk.app does
    messages: list[str] = []

    def hear(kind: QtMsgType, context: object, text: str) -> None:
        messages.append(f"{kind.name}: {text}")

    before = qInstallMessageHandler(hear)
    application = QGuiApplication.instance() or QGuiApplication(["keys"])
    assert isinstance(application, QGuiApplication)
    application.setQuitOnLastWindowClosed(False)  # the loop ends when the keys are done
    try:
        with QEventLoop(application) as loop:
            result: Run = loop.run_until_complete(press(keys, seed, data, messages))
            return result
    finally:
        qInstallMessageHandler(before)


def main() -> int:
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = run(keys, seed, Path(folder))
        except Found as found:
            _say(ok=False, seed=seed, found=str(found))
            return 1
    ok = done.growth <= MB_PER_10000
    per_second = round(done.keys / done.took_s, 1)
    _say(ok=ok, seed=seed, keys=done.keys, card_moves=done.card_moves, visits=done.visits, screens=done.screens)
    ends = round(done.resident_mb[0], 1), round(done.resident_mb[-1], 1)
    growth = round(done.growth, 2)
    _say(took_s=round(done.took_s), keys_per_s=per_second, resident_mb=ends, mb_per_10000=growth, goal=MB_PER_10000)
    return 0 if ok else 1


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
