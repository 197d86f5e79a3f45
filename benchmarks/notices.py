"""Home with 10,000 notices behind it beside home with ten: the list was open and home comes back over it.

Milliseconds from the flow's order to the painted frame that takes keys, and from a key to the frame of its focus move,
on one stage at 1080p with the software renderer, the two in turns.
"""

from __future__ import annotations

import gc
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication

from benchmarks._pixels import Watched, move, stage, until
from benchmarks._report import percentile, report
from benchmarks.focus import HD, MENU, SIDEWAYS
from kiosk.screens import Fact, ItemList, Menu, Row
from kiosk.stage import QtStage

FEW, MANY = 10, 10_000
TURNS = 31
MOVES = 10
GOAL = 1.1


def main() -> None:
    application = QGuiApplication(sys.argv)
    there = stage(application, HD, MENU)
    watched = Watched(there.window)
    lists = {count: _list(count) for count in (FEW, MANY)}
    shown: dict[int, list[float]] = {FEW: [], MANY: []}
    moved: dict[int, list[float]] = {FEW: [], MANY: []}
    gc.collect()
    for _ in range(TURNS):  # in turns, so that a slow moment of the machine meets both
        for count, behind in lists.items():
            _show(application, there, behind)
            shown[count].append(_show(application, there, MENU))
            moved[count] += [move(application, watched, SIDEWAYS[n % 2]) for n in range(MOVES)]
    for name, times in (("home", shown), ("focus", moved)):
        many, few = (percentile(times[count], 50) for count in (MANY, FEW))
        report(f"notices.{name}", many, few, GOAL, unit="ms", notices=MANY, beside=FEW, runs=len(times[MANY]))


def _show(application: QGuiApplication, there: QtStage, screen: ItemList | Menu) -> float:
    start = time.perf_counter()
    there.put(screen)
    until(application, lambda: there.seen)
    took = 1000 * (time.perf_counter() - start)
    # Qt's event loop does so by itself; nested as it is here it does not.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return took


def _list(count: int) -> ItemList:
    facts = (Fact("差出人", "みどり市 国保年金課（市区町村）"), Fact("届いた日", "11月18日(水) 午前0時30分"))
    rows = tuple(Row(key=f"n{n}", title="保険料のおしらせ", above="11月18日(水)", facts=facts) for n in range(count))
    return ItemList(name="notices", title="おしらせ", rows=rows, corner=f"{count}件", preview_title="ないよう")


if __name__ == "__main__":
    main()
