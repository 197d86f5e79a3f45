"""A stage on an off-screen window, and a person who presses its keys."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from kiosk.preferences import Size
from kiosk.screens import PhoneCode, Screen
from kiosk.stage import QtStage
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")  # frames follow one another at once

Seat = Callable[..., "Person"]


POLISHES = 3
"""What finds its place may move what is around it."""


def polish(item: QQuickItem) -> None:
    for child in item.childItems():
        polish(child)
    item.ensurePolished()


class Person:
    """Sits before the stage: waits until a screen is painted, presses keys, and takes the answer."""

    def __init__(self, stage: QtStage, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> None:
        self.stage = stage
        self.loop = loop
        self.actions: list[Action] = []
        self.dead_ends = 0
        self._waits: list[asyncio.Task[Any]] = []
        """A flow has hold of its wait; one that nobody has is garbage before it ends."""
        self._qtbot = qtbot
        self.painted: list[str] = []
        stage.on_action = self.actions.append
        stage.on_painted = self.painted.append
        stage.on_dead_end = self._count_dead_end

    def _count_dead_end(self) -> None:
        self.dead_ends += 1

    def see(self, screen: Screen[Any]) -> None:
        """Put it and look at it."""
        self.stage.put(screen)
        self.wait_painted()

    def lay_out(self, screen: Screen[Any]) -> None:
        """Put it and have everything find its place, without painting, unless it waits for a picture to be loaded."""
        self.stage.put(screen)
        if isinstance(screen, PhoneCode):
            self.wait_painted()
        QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        for _ in range(POLISHES):
            polish(self.stage.window.contentItem())

    def glance(self, screen: Screen[Any]) -> None:
        """Lay it out and take it as painted, so that it takes keys at once."""
        self.lay_out(screen)
        self.stage._framed()

    def ask(self, screen: Screen[Any]) -> asyncio.Task[Any]:
        """A flow shows it; returns the flow's wait once it is painted."""
        return self._start(self.stage.show(screen))

    def cover(self, screen: Screen[Any]) -> asyncio.Task[Any]:
        return self._start(self.stage.cover(screen))

    def _start(self, wait: Any) -> asyncio.Task[Any]:
        task = self.loop.create_task(wait)
        self._waits.append(task)
        self.turn()
        self.wait_painted()
        return task

    def wait_painted(self) -> None:
        """At most 5 s. Without the pauses of `waitUntil`, which take longer than a frame does."""
        if self.stage.seen:
            return
        late = QTimer()
        late.setSingleShot(True)
        late.start(5000)
        while not self.stage.seen and late.isActive():
            QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        assert self.stage.seen, "nothing was painted"

    def turn(self) -> None:
        """Let waiting coroutines run."""
        for _ in range(3):
            self.loop.call_soon(self.loop.stop)
            self.loop.run_forever()

    def press(self, *keys: Action | str) -> None:
        for key in keys:
            self.stage.press(key)
        self.turn()

    @property
    def focus(self) -> str | None:
        focus: str | None = self.stage.describe()["focus"]
        return focus


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def seat(qtbot: QtBot) -> Iterator[Seat]:
    """`seat(profile="stb", size=(1280, 720), scale=1.0)`; no QML message may come up while it is used."""
    people: list[Person] = []
    warnings: list[str] = []
    loop = asyncio.new_event_loop()

    def sit(
        profile: str = "stb", size: tuple[int, int] = (1280, 720), scale: float = 1.0, language: str = "ja"
    ) -> Person:
        settings = load_profile(profile)
        stage = QtStage(settings, load_keymap(settings.keymap), load_words())
        stage.open(size)
        stage._frame.engine.warnings.connect(lambda found: warnings.extend(w.toString() for w in found))
        chosen = next((each for each in Size if each.scale == scale), Size.STANDARD)
        stage.apply(replace(stage.preferences, language=language, size=chosen), load_words(language))
        stage._kiosk.setProperty("textScale", scale)
        stage.reveal()
        people.append(Person(stage, loop, qtbot))
        qtbot.waitUntil(lambda: stage.takes_keys and stage.window.isActive())
        return people[-1]

    yield sit
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()
    for person in people:
        person.stage.close()
    QGuiApplication.processEvents()
    assert not warnings, warnings


@pytest.fixture
def person(seat: Seat) -> Person:
    """Before the television."""
    return seat()
