"""The whole visit by key events on the stage's own window (pytest-qt); card service, card, TLS and backend are real."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from backend_client.client import Backend
from drivers.readers.pcsc import PcscReaders
from drivers.software_card.control_client import CardBox
from kiosk.desk import EndReason
from kiosk.programs import Program
from kiosk.stage import QtStage
from kiosk.visit import Visit
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile
from tests.pcsc import PrivatePcscd

REACH_S = 20.0
KEYS = {
    "ok": Qt.Key.Key_Return,
    "back": Qt.Key.Key_Escape,
    "down": Qt.Key.Key_Down,
    "right": Qt.Key.Key_Right,
    **{str(n): Qt.Key(Qt.Key.Key_0.value + n) for n in range(10)},
}


@pytest.fixture
def loop(qtbot: QtBot) -> Iterator[QEventLoop]:
    application = QGuiApplication.instance()
    loop = QEventLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        yield loop
    asyncio.set_event_loop(None)


class Person:
    """Presses a key once the screen it is meant for has been painted."""

    def __init__(self, stage: QtStage) -> None:
        self._stage = stage
        self._screens: asyncio.Queue[str] = asyncio.Queue()
        stage.on_painted = self._screens.put_nowait

    async def reach(self, screen: str) -> None:
        async with asyncio.timeout(REACH_S):
            while await self._screens.get() != screen:
                pass

    def press(self, *keys: str) -> None:
        # From a timer, not from this task: QTest turns the event loop, and no task is entered from within another.
        QTimer.singleShot(0, lambda: self._click(keys))

    def _click(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            QTest.keyClick(self._stage.window, KEYS[key])


async def _visit(stage: QtStage, backend: Program, box: CardBox) -> EndReason:
    visit = Visit(
        stage=stage,
        readers=PcscReaders(),
        backend=Backend(backend.ready["ready"], Path(backend.ready["ca"])),
        words=load_words(),
        profile=load_profile("stb"),
        now=lambda: datetime.now().astimezone(),
    )
    person = Person(stage)
    visiting = asyncio.create_task(visit.run())
    for screen, *keys in (
        ("attract", "insert"),
        ("sign_in.pin", "1", "2", "3", "4", "ok"),
        ("home", "ok"),
        ("notices", "ok"),
        ("notices.confirm", "1"),
        ("notices.notice", "back"),
        ("notices", "back"),
        ("home", "right", "ok"),
        ("access_log", "down", "down", "ok"),
        ("access_log.record", "ok"),
        ("access_log", "back"),
        ("home", "down", "right", "ok"),
        ("take_card", "remove"),
    ):
        await person.reach(screen)
        if keys == ["insert"]:
            await asyncio.to_thread(box.insert, "adult")
        elif keys == ["remove"]:
            await asyncio.to_thread(box.remove)
        else:
            person.press(*keys)
    return await visiting


async def _programs(data: Path, vpcd: str, stage: QtStage) -> EndReason:
    card = await Program.start("drivers.software_card", "--data", str(data), "--vpcd", vpcd)
    backend = await Program.start("backend_stub", "serve", "--data", str(data), "--port", "0")
    try:
        return await _visit(stage, backend, CardBox(data))
    finally:
        await backend.stop()
        await card.stop()


def test_the_whole_visit_by_arrows_ok_and_digits(data: Path, pcscd: PrivatePcscd, loop: QEventLoop) -> None:
    stage = QtStage(load_profile("stb"), load_keymap("remote"), load_words())
    stage.open((1280, 720))
    stage.reveal()
    try:
        assert loop.run_until_complete(_programs(data, pcscd.vpcd, stage)) is EndReason.CHOSEN
    finally:
        stage.close()
