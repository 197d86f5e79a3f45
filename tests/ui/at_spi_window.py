"""A kiosk window in a program of its own, for whoever looks at it from outside: shows the sample named on each line."""

from __future__ import annotations

import asyncio
import sys
import threading

from PySide6.QtGui import QGuiApplication
from qasync import QEventLoop

from kiosk.screens import Screen
from kiosk.stage import QtStage
from kiosk.words import load
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile
from tests.ui import samples


async def serve(stage: QtStage) -> None:
    """Tell the name of each screen that is painted, and when one is answered."""
    wanted: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(wanted.put_nowait, line.strip())
        loop.call_soon_threadsafe(wanted.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    stage.on_painted = tell
    screens = {screen.name: screen for screen in samples.typical()}
    showing: asyncio.Task[object] | None = None
    while name := await wanted.get():
        if showing is not None:
            showing.cancel()
        showing = asyncio.create_task(ask(stage, screens[name]))


async def ask(stage: QtStage, screen: Screen[object]) -> None:
    await stage.show(screen)
    tell("answered")


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    application = QGuiApplication(sys.argv[:1])
    profile = load_profile("stb")
    stage = QtStage(profile, load_keymap(profile.keymap), load())
    stage.speaks = lambda language: True
    stage.open((1280, 720))
    stage.reveal()
    loop = QEventLoop(application)
    with loop:
        loop.run_until_complete(serve(stage))


if __name__ == "__main__":
    main()
