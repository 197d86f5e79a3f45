"""One kiosk process: opens the window first, then brings in everything a visit needs, serves one visit and exits.

The order of imports is the design here: the first picture needs Qt, the theme and the words, and nothing else. httpx,
asyncio and the card layer come while the picture already stands (or while the process warms, unseen).
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QGuiApplication

from kiosk.box_margin import fitted
from kiosk.preferences import of_box
from kiosk.stage import QtStage
from kiosk.stage_window import japanese_font
from kiosk.visit_screens import attract
from kiosk.words import Language, Words, languages
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

if TYPE_CHECKING:
    from kiosk.reception.office import Office
    from kiosk.station import StaffWindow

FIRST_FRAME_MS = 10_000
NO_FONT = 78
"""Exit status when no Japanese font is installed (sysexits: configuration error)."""


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kiosk.app")
    parser.add_argument("--profile", default="stb")
    parser.add_argument("--backend", required=True, help="https://host:port")
    parser.add_argument("--ca", type=Path, required=True, help="PEM of the authority behind the backend's TLS")
    parser.add_argument("--reader", default="pcsc", help="pcsc, nfc (driven by nfcpy), direct:DIR (no card service)")
    parser.add_argument("--input", default="qt", help="qt: keys through the window; evdev: remotes read directly")
    parser.add_argument("--keys", type=Path, help="this box's own key map, beside the profile's")
    parser.add_argument("--margin", type=Path, help="file that keeps this box's safe area")
    parser.add_argument("--printouts", type=Path, help="folder for PDFs in the place of a printer")
    parser.add_argument("--stick", type=Path, help="folder at which a USB stick appears")
    parser.add_argument("--bills", type=Path, help="folder where the practice posts what is to be paid")
    parser.add_argument("--till", type=Path, help="folder of this kiosk's own for payments under way; with --bills")
    parser.add_argument("--reception", type=Path, help="folder of a hospital's reception; opens its window too")
    parser.add_argument("--staff-reader", default="", help="part of the name of the reader for staff cards")
    parser.add_argument("--memory", type=Path, help="file of what this box remembers beyond a visit")
    parser.add_argument("--size", help="WIDTHxHEIGHT of a window; full screen without it")
    parser.add_argument("--show", action="store_true", help="show at once, not on the supervisor's order")
    parser.add_argument("--driven", action="store_true", help="take key presses and requests for pictures as orders")
    return parser.parse_args(arguments)


def main() -> int:
    gc.disable()  # imports make many objects and no rubbish; collecting among them costs a tenth of the start
    options = parse(sys.argv[1:])
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    application = QGuiApplication(sys.argv[:1])
    profile = load_profile(options.profile)
    preferences = fitted(of_box(profile.theme, profile.preferences), options.margin)
    words = load_words(preferences.language)
    stage = QtStage(profile, load_keymap(profile.keymap, options.keys), words, preferences)
    if not japanese_font():
        return _without_font(application, stage)
    stage.open(size(options.size))
    stage.put(attract(words, profile))
    if options.show:
        stage.reveal()
        wait_for_picture(application, stage)
    stage.put(attract(words, profile, stage.languages))  # their names need other fonts: not before the first frame

    name_missing_fonts(stage.languages)
    leave_out_what_nobody_uses()
    import asyncio

    from qasync import QEventLoop as AsyncLoop

    from kiosk.station import Station

    gc.freeze()
    gc.enable()
    loop = AsyncLoop(application)
    asyncio.set_event_loop(loop)
    with loop:
        return int(loop.run_until_complete(Station(stage, profile, options, reception_window(words)).serve()))


def reception_window(words: Words) -> Callable[[Office], StaffWindow]:
    """What opens the staff's window; imported when there is one."""

    def open_window(office: Office) -> StaffWindow:
        from kiosk.reception_window import ReceptionWindow

        return ReceptionWindow(office, words)

    return open_window


def wait_for_picture(application: QGuiApplication, stage: QtStage) -> None:
    """Return when the first frame has been swapped, or after FIRST_FRAME_MS on a screen that never shows one."""
    deadline = QDeadlineTimer(FIRST_FRAME_MS)
    while not stage.painted and not deadline.hasExpired():
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 100)
    sys.stdout.write(f'{{"said": "painted", "at": {time.monotonic()}}}\n')
    sys.stdout.flush()


def name_missing_fonts(there: tuple[Language, ...]) -> None:
    """Tell whoever set up the box which languages cannot be offered, and what would have to be installed."""
    for language in languages():
        if language not in there:
            font = f"no font {language.font} (Debian package {language.package})"
            sys.stderr.write(f"madoguchi: {language.file} is not offered: {font}\n")


def leave_out_what_nobody_uses() -> None:
    """Keep 8 MB out of a process that runs twice on every box: it matters on a set-top box, and to the first visit.

    httpx brings its command line along when click and pygments happen to be installed. qasync loads all of QtWidgets to
    name one class, of which QGuiApplication is the part it uses.
    """
    import types

    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # the documented way to make an import fail
    widgets = types.ModuleType("PySide6.QtWidgets")
    widgets.QApplication = QGuiApplication  # type: ignore[attr-defined]
    sys.modules[widgets.__name__] = PySide6.QtWidgets = widgets  # type: ignore[attr-defined]


def size(text: str | None) -> tuple[int, int] | None:
    """`1280x720` as numbers; None (full screen) for None."""
    if text is None:
        return None
    width, _, height = text.partition("x")
    return int(width), int(height)


def _without_font(application: QGuiApplication, stage: QtStage) -> int:
    """Say in Latin letters what is missing, and keep saying it on the screen until the supervisor ends this process."""
    sys.stderr.write(
        "madoguchi: no Japanese font. Install BIZ UDPGothic: Debian package fonts-morisawa-bizud-gothic;"
        " Windows optional feature 'Japanese Supplemental Fonts'.\n"
    )
    stage.open_without_font()
    wait_for_picture(application, stage)
    from PySide6.QtCore import QTimer

    from kiosk import process

    for report in (process.READY, process.SHOWN):
        process.say(report)
    beat = QTimer(interval=int(1000 * process.HEARTBEAT_S))
    beat.timeout.connect(lambda: process.say(process.ALIVE))
    beat.start()
    threading.Thread(target=_quit_at_end_of_input, args=(application,), daemon=True).start()
    application.exec()
    return NO_FONT


def _quit_at_end_of_input(application: QGuiApplication) -> None:
    from PySide6.QtCore import QMetaObject, Qt  # here, because making the enums of Qt costs 10 ms

    for _ in sys.stdin:
        pass
    QMetaObject.invokeMethod(application, "quit", Qt.ConnectionType.QueuedConnection)


if __name__ == "__main__":
    raise SystemExit(main())
