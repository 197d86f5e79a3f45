"""The kiosk stays alive while a reader hangs: key to frame, and cancelling, while a call to the card blocks for 60 s.

Key to frame: 200 focus moves on the home menu at 1080p while a card call is blocked in its thread; the floor is the
same without a reader, in turns in the same run. Cancelling: in a real visit whose first question to the card hangs,
from the red key to the painted screen that says what to do next; the floor is one change of screen without a reader.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop

from benchmarks._report import percentile, report
from benchmarks.focus import MENU
from drivers.errors import Pin
from drivers.readers import DEADLINE_S, CardHere, ReaderEvent, ReaderHere
from drivers.readers.worker import Worker
from kiosk.screens import Screen, TakeCard
from kiosk.stage import QtStage
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

BLOCKED_S = 60.0
MOVES = 200
CANCELS = 10
GOAL = 1.5
CANCEL_GOAL = 3.0
TAKE_CARD = TakeCard(name="take_card", title="カードを取ってください", lines=("ご利用ありがとうございました。",))


class BlockedReaders:
    """One reader with a card, whose calls never come back by themselves within 60 s, on a thread as real ones have."""

    reader = "Blocked 0"
    pin_pad = None
    reader_has_keys = False

    def __init__(self) -> None:
        self.entered, self.let_go = threading.Event(), threading.Event()
        self._worker = Worker("blocked reader")

    @property
    def blocked(self) -> bool:
        return self.entered.is_set() and not self.let_go.is_set()

    async def events(self) -> AsyncIterator[ReaderEvent]:
        yield ReaderHere(self.reader)
        yield CardHere(self.reader)
        await asyncio.Event().wait()

    async def connect(self, reader: str) -> BlockedReaders:
        return self

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        return await self._worker.call(self._block, deadline_s)

    async def tries_left(self, pin: Pin) -> int:
        """As the card application that is selected on it."""
        await self.transmit(bytes.fromhex("00200098"), BLOCKED_S)
        return 3

    async def close(self) -> None:
        """As real connections do: leaves a thread that hangs behind."""
        self._worker.end(self.entered.clear)
        await self._worker.ended(3.0)

    def _block(self) -> bytes:
        self.entered.set()
        self.let_go.wait(BLOCKED_S)
        return b"\x90\x00"


class NoBackend:
    """Nobody gets as far as to need one."""

    async def portal_challenge(self) -> None: ...

    async def sign_out(self) -> None: ...

    async def close(self) -> None: ...


class Eyes:
    """When the window's next frame, or a screen, was painted."""

    def __init__(self, stage: QtStage) -> None:
        self.stage = stage
        self._frame: asyncio.Future[float] | None = None
        self._screens: dict[str, asyncio.Future[float]] = {}
        stage.window.frameSwapped.connect(self._swapped)
        stage.on_painted = self._painted

    def next_frame(self) -> asyncio.Future[float]:
        self._frame = asyncio.get_running_loop().create_future()
        return self._frame

    def next_screen(self, name: str) -> asyncio.Future[float]:
        return self._screens.setdefault(name, asyncio.get_running_loop().create_future())

    def _swapped(self) -> None:
        if self._frame is not None and not self._frame.done():
            self._frame.set_result(time.perf_counter())

    def _painted(self, name: str) -> None:
        if (painted := self._screens.pop(name, None)) is not None:
            painted.set_result(time.perf_counter())


def main() -> None:
    application = QGuiApplication(sys.argv)
    profile = load_profile("stb")
    stage = QtStage(profile, load_keymap(profile.keymap), load_words())
    stage.open((1920, 1080))
    stage.put(MENU)
    stage.reveal()
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_measure(stage))


async def _measure(stage: QtStage) -> None:
    eyes = Eyes(stage)
    await eyes.next_screen("home")
    with_reader: list[float] = []
    without: list[float] = []
    for _ in range(MOVES // 10):  # in turns of ten, so that a slow moment of the machine meets both
        without += await _moves(eyes, None)
        with_reader += await _blocked_moves(eyes)
    for percent in (50, 99):
        values = percentile(with_reader, percent), percentile(without, percent)
        report(f"blocked_reader.key_to_frame.p{percent}", *values, GOAL, unit="ms", moves=len(with_reader))
    cancelled = [await _cancel(eyes) for _ in range(CANCELS)]
    changed = [await _change(eyes) for _ in range(CANCELS)]
    worst, floor = percentile(cancelled, 100), percentile(changed, 100)
    report("blocked_reader.cancel_to_screen.worst", worst, floor, CANCEL_GOAL, unit="ms", cancels=len(cancelled))


async def _blocked_moves(eyes: Eyes) -> list[float]:
    readers = BlockedReaders()
    call = asyncio.ensure_future(readers.transmit(b"", BLOCKED_S))
    await asyncio.to_thread(readers.entered.wait)
    times = await _moves(eyes, readers)
    readers.let_go.set()
    await call
    await readers.close()
    return times


async def _moves(eyes: Eyes, readers: BlockedReaders | None) -> list[float]:
    times = []
    for n in range(10):
        assert readers is None or readers.blocked
        frame = eyes.next_frame()
        start = time.perf_counter()
        eyes.stage.press((Action.RIGHT, Action.LEFT)[n % 2])
        times.append(1000 * (await frame - start))
        assert readers is None or readers.blocked
    return times


async def _cancel(eyes: Eyes) -> float:
    """A visit whose first question to the card hangs; from the red key to 「カードを取ってください」."""
    readers = BlockedReaders()

    async def select(connection: Any) -> Any:
        return connection

    profile = load_profile("stb")
    visit = Visit(eyes.stage, readers, NoBackend(), load_words(), profile, datetime.now, select)  # type: ignore[arg-type]
    reading, over = eyes.next_screen("reading"), eyes.next_screen("take_card")
    visiting = asyncio.ensure_future(visit.run())
    await reading
    await asyncio.to_thread(readers.entered.wait)
    start = time.perf_counter()
    eyes.stage.press(Action.RED)
    took = 1000 * (await over - start)
    assert readers.blocked, "the reader must have hung until the screen was there"
    readers.let_go.set()
    visiting.cancel()
    await asyncio.gather(visiting, return_exceptions=True)
    return took


async def _change(eyes: Eyes) -> float:
    """The same change of screen with nothing behind it."""
    await _seen(eyes, MENU)
    start = time.perf_counter()
    return 1000 * (await _seen(eyes, TAKE_CARD) - start)


async def _seen(eyes: Eyes, screen: Screen[Any]) -> float:
    painted = eyes.next_screen(screen.name)
    eyes.stage.put(screen)
    return await painted


if __name__ == "__main__":
    main()
