"""A window that counts its frames and can wait for the next one: what the benchmarks of the screen share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from kiosk.screens import Screen
from kiosk.stage import QtStage
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile


class Watched:
    """A window, and when its last frame was swapped."""

    def __init__(self, window: QQuickWindow) -> None:
        self.window = window
        self.swapped_at: float | None = None
        window.frameSwapped.connect(self._swapped)

    def _swapped(self) -> None:
        self.swapped_at = self.swapped_at or time.perf_counter()


def stage(application: QGuiApplication, size: tuple[int, int], screen: Screen[object]) -> QtStage:
    """A television's stage that shows `screen` and takes keys."""
    profile = load_profile("stb")
    there = QtStage(profile, load_keymap(profile.keymap), load_words())
    there.open(size)
    there.put(screen)
    there.reveal()
    until(application, lambda: there.takes_keys and there.seen)
    return there


def empty_window(application: QGuiApplication, size: tuple[int, int]) -> QQuickWindow:
    """The floor: one rectangle that takes and loses focus."""
    engine = QQmlApplicationEngine(application)
    engine.load(QUrl.fromLocalFile(str(Path(__file__).with_name("_empty.qml"))))
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    window.resize(*size)
    window.show()
    return window


def move(application: QGuiApplication, watched: Watched, key: Qt.Key) -> float:
    """Press a key that moves focus; milliseconds until its frame was swapped."""
    window = watched.window
    before = window.activeFocusItem()
    watched.swapped_at = None
    start = time.perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
    assert window.activeFocusItem() is not before, "the key moved nothing"
    until(application, lambda: watched.swapped_at is not None)
    assert watched.swapped_at is not None
    return 1000 * (watched.swapped_at - start)


def until(application: QGuiApplication, condition: Callable[[], bool]) -> None:
    while not condition():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
