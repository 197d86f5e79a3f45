"""Keys that do not come through the window, keys by the box's own map, and whether the window paints."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from pytestqt.qtbot import QtBot
from qasync import QEventLoop

from kiosk import process
from kiosk.stage import QtStage
from kiosk.station import Station, direct_remotes
from kiosk.words import load as load_words
from stb_profile import keymap
from stb_profile.evdev import remotes
from stb_profile.keymap import Action
from stb_profile.profile import load as load_profile
from tests.remote.virtual import PipeRemote
from tests.ui import samples
from tests.ui.conftest import Person

SAMPLES = {screen.name: screen for screen in samples.typical()}
TELEVISION = load_profile("stb")
REMOTE = keymap.load("remote")


def test_a_direct_key_answers_as_one_of_the_window_does(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    person.stage.act(Action.RIGHT)
    assert person.focus == "access_log"
    person.stage.act(Action.OK)
    person.turn()
    assert answer.result() == "access_log"
    assert person.actions == [Action.RIGHT, Action.OK]


def test_a_direct_key_is_not_heard_before_the_screen_takes_keys(qtbot: QtBot) -> None:
    told: list[Action] = []
    stage = QtStage(TELEVISION, REMOTE, load_words())
    stage.on_action = told.append
    stage.open((640, 360))
    stage.put(SAMPLES["menu_6"])
    stage.act(Action.RED)
    assert told == []
    stage.close()


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (352, Action.OK), (398, Action.RED), (399, Action.GREEN), (400, Action.YELLOW), (401, Action.BLUE),
        *((512 + digit, Action(str(digit))) for digit in range(10)), (620, Action.BACK), (621, Action.OK),
        (631, Action.YELLOW), (365, Action.YELLOW), (358, Action.YELLOW), (402, Action.UP), (403, Action.DOWN),
        (618, Action.RED), (619, Action.GREEN), (139, Action.GREEN), (172, Action.RED),
    ],
)  # fmt: skip
def test_what_qt_has_no_name_for_arrives_by_its_native_scan_code(person: Person, code: int, action: Action) -> None:
    person.see(SAMPLES["menu_6"])
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_unknown.value, Qt.KeyboardModifier.NoModifier, code + 8, 0, 0)
        QCoreApplication.sendEvent(person.stage.window, event)
    assert person.actions == [action]


def test_the_boxs_own_map_goes_before_the_name_qt_has(qtbot: QtBot, tmp_path: Path) -> None:
    own = tmp_path / "keys.toml"
    own.write_text("ok = { evdev = [139] }", "utf-8")  # this remote sends MENU for its 決定
    told: list[Action] = []
    stage = QtStage(TELEVISION, keymap.load("remote", own), load_words())
    stage.on_action = told.append
    stage.open((640, 360))
    stage.put(SAMPLES["menu_6"])
    stage.reveal()
    qtbot.waitUntil(lambda: stage.takes_keys)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_MenuKB.value, Qt.KeyboardModifier.NoModifier, 139 + 8, 0, 0)
    QCoreApplication.sendEvent(stage.window, event)
    assert told == [Action.OK]
    stage.close()


def test_a_remote_is_read_in_qts_own_loop_while_the_visit_lasts(
    qapp: QGuiApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = PipeRemote(tmp_path, REMOTE.by_evdev)
    there = partial(remotes.Remotes, folder=tmp_path, open_device=remote.open)
    monkeypatch.setattr(remotes, "Remotes", lambda *args, grab: there(*args, grab=False))

    async def visit() -> Action:
        heard: asyncio.Queue[Action] = asyncio.Queue()
        async with (
            direct_remotes(Namespace(input="evdev", keys=None), TELEVISION, heard.put_nowait),
            asyncio.timeout(5),
        ):
            remote.key(352, 1, 0)
            return await heard.get()

    loop = QEventLoop(qapp)
    with loop:
        assert loop.run_until_complete(visit()) is Action.OK
    remote.unplug()


async def test_without_being_asked_for_nothing_is_read_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remotes, "Remotes", None)
    async with direct_remotes(Namespace(input="qt", keys=None), TELEVISION, lambda action: None):
        pass


def test_a_window_that_paints_says_so_each_time_it_is_asked(person: Person, qtbot: QtBot) -> None:
    person.see(SAMPLES["menu_6"])
    assert person.stage.paints()
    for _ in range(2):
        qtbot.waitUntil(lambda: person.stage._framed_since_asked)
        assert person.stage.paints()


def test_a_window_that_stopped_painting_does_not(person: Person) -> None:
    person.see(SAMPLES["menu_6"])
    person.stage.paints()
    person.stage.window.frameSwapped.disconnect()  # no frame is swapped from here on
    assert not person.stage.paints()
    assert not person.stage.paints()


def test_a_window_nobody_can_see_need_not_paint(qtbot: QtBot) -> None:
    stage = QtStage(TELEVISION, REMOTE, load_words())
    stage.open((640, 360))
    assert stage.paints()
    assert stage.paints()
    stage.close()


@pytest.mark.parametrize(("paints", "alive"), [(True, True), (False, False)])
async def test_a_kiosk_is_alive_only_while_its_window_paints(
    monkeypatch: pytest.MonkeyPatch, paints: bool, alive: bool
) -> None:
    said: list[str] = []
    asked = asyncio.Semaphore(0)

    class Window:
        def paints(self) -> bool:
            asked.release()
            return paints

    monkeypatch.setattr(process, "say", said.append)
    monkeypatch.setattr(process, "HEARTBEAT_S", 0.001)
    station = Station(cast(Any, Window()), TELEVISION, Namespace(margin=None))
    beating = asyncio.create_task(station._beat())
    async with asyncio.timeout(5):
        for _ in range(3):
            await asked.acquire()
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    assert (said != []) is alive
