"""Key event to painted frame: focus moves on the home menu with the software renderer, at 1080p and at 2160p.

The floor is one rectangle that takes and loses focus in an empty window; that of 2160p is 1080p. All in one process and
run, in turns.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from benchmarks._pixels import Watched, empty_window, move, stage, until
from benchmarks._report import percentile, report
from kiosk.screens import Choice, Menu

TURNS = 30
WARM, MOVES = 2, 10
"""In each turn: the first ones warm the window that was not active just now."""
GOAL, GOAL_2160P = 2.0, 4.5
FELT_MS = 50
HD, UHD = (1920, 1080), (3840, 2160)
SIDEWAYS, UPRIGHT = (Qt.Key.Key_Right, Qt.Key.Key_Left), (Qt.Key.Key_Down, Qt.Key.Key_Up)

MENU = Menu(
    name="home",
    title="見本 花子さん、こんにちは",
    subtitle="前回：11月18日(水) 午前10時12分・このテレビ",
    choices=tuple(Choice(f"c{n}", "おしらせ", "役所と会社からの\nおしらせを読む") for n in range(6)),
)


def main() -> None:
    application = QGuiApplication(sys.argv)
    home = stage(application, HD, MENU)  # one for both sizes: two QML engines in a process mix up their types
    ours, floor = Watched(home.window), Watched(empty_window(application, HD))
    times: dict[str, list[float]] = {"1080p": [], "2160p": [], "empty": []}
    for _ in range(TURNS):  # in turns, so that a slow moment of the machine meets all
        for name, size in (("1080p", HD), ("2160p", UHD)):
            home.window.resize(*size)
            times[name] += _turn(application, ours, SIDEWAYS)
        times["empty"] += _turn(application, floor, UPRIGHT)
    for percent in (99, 50):
        hd, uhd, empty = (percentile(times[name], percent) for name in times)
        report(f"focus.p{percent}", hd, empty, GOAL, unit="ms", felt_ms=FELT_MS, moves=len(times["1080p"]))
        report(f"focus.2160p.p{percent}", uhd, hd, GOAL_2160P, unit="ms", felt_ms=FELT_MS, moves=len(times["2160p"]))


def _turn(application: QGuiApplication, watched: Watched, keys: tuple[Qt.Key, Qt.Key]) -> list[float]:
    watched.window.requestActivate()
    until(application, watched.window.isActive)
    times = [move(application, watched, keys[n % 2]) for n in range(WARM + MOVES)]
    return times[WARM:]


if __name__ == "__main__":
    main()
