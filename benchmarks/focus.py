"""Key event to painted frame: 200 focus moves on the home menu at 1080p with the software renderer.

The floor is one rectangle that takes and loses focus in an empty window, in the same process and run.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

from benchmarks._report import percentile, report
from kiosk.screens import Choice, Menu
from kiosk.stage import QtStage
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

MOVES = 200
GOAL = 3.0
FELT_MS = 50

MENU = Menu(
    name="home",
    title="見本 花子さん、こんにちは",
    subtitle="前回：11月18日(水) 午前10時12分・このテレビ",
    choices=tuple(Choice(f"c{n}", "おしらせ", "役所と会社からの\nおしらせを読む") for n in range(6)),
)


def main() -> None:
    application = QGuiApplication(sys.argv)
    profile = load_profile("stb")
    stage = QtStage(profile, load_keymap(profile.keymap), load_words())
    stage.open((1920, 1080))
    stage.put(MENU)
    stage.reveal()
    _until(application, lambda: stage.takes_keys)
    ours_window, floor_window = Watched(stage.window), Watched(_floor(application))
    # In turns of ten, so that a slow moment of the machine meets both.
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(MOVES // 10):
        ours += _moves(application, ours_window, (Qt.Key.Key_Right, Qt.Key.Key_Left))
        floor += _moves(application, floor_window, (Qt.Key.Key_Down, Qt.Key.Key_Up))
    report("focus.p99", percentile(ours, 99), percentile(floor, 99), GOAL, unit="ms", felt_ms=FELT_MS, moves=len(ours))
    report("focus.p50", percentile(ours, 50), percentile(floor, 50), GOAL, unit="ms", felt_ms=FELT_MS, moves=len(ours))


def _floor(application: QGuiApplication) -> QQuickWindow:
    engine = QQmlApplicationEngine(application)
    engine.load(QUrl.fromLocalFile(str(Path(__file__).with_name("_empty.qml"))))
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    window.show()
    return window


class Watched:
    """A window, and when its last frame was swapped."""

    def __init__(self, window: QQuickWindow) -> None:
        self.window = window
        self.swapped_at: float | None = None
        window.frameSwapped.connect(self._swapped)

    def _swapped(self) -> None:
        self.swapped_at = self.swapped_at or time.perf_counter()


def _moves(application: QGuiApplication, watched: Watched, keys: tuple[Qt.Key, Qt.Key]) -> list[float]:
    watched.window.requestActivate()
    _until(application, watched.window.isActive)
    times = []
    for n in range(12):
        took = _move(application, watched, keys[n % 2])
        if n >= 2:  # the first two warm the window that was not active just now
            times.append(took)
    return times


def _move(application: QGuiApplication, watched: Watched, key: Qt.Key) -> float:
    window = watched.window
    before = window.activeFocusItem()
    watched.swapped_at = None
    start = time.perf_counter()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(window, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))
    assert window.activeFocusItem() is not before, "the key moved nothing"
    _until(application, lambda: watched.swapped_at is not None)
    assert watched.swapped_at is not None
    return 1000 * (watched.swapped_at - start)


def _until(application: QGuiApplication, condition: Callable[[], bool]) -> None:
    while not condition():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)


if __name__ == "__main__":
    main()
