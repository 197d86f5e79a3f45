"""A base and covers: the topmost is seen, what is below is gone and comes back with its focus."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QLoggingCategory
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from kiosk.desk import Back
from kiosk.screens import Choice, Menu
from kiosk.stage import QtStage
from kiosk.stage_data import SCREENS
from kiosk.stage_window import BrokenUi
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

SAMPLES = {screen.name: screen for screen in samples.typical()}
MENU, LIST, AWAY, IDLE = (SAMPLES[name] for name in ("menu_6", "list", "card_away", "still_there"))


def screens_in_scene(person: Person) -> list[QQuickItem]:
    kinds = {file.removesuffix(".qml") for file in SCREENS.values()}
    every = scene.items(person.stage.window.contentItem())
    return [item for item in every if scene.kind(item).partition("_")[0] in kinds]


def test_only_the_topmost_screen_is_in_the_scene(person: Person, qtbot: QtBot) -> None:
    person.ask(MENU)
    below = screens_in_scene(person)[0]
    person.cover(AWAY)
    qtbot.waitUntil(lambda: not isValid(below))
    assert [scene.kind(item).partition("_")[0] for item in screens_in_scene(person)] == ["CardAway"]
    assert person.stage.describe() == {"name": "card_away", "kind": "CardAway", "focus": None}


def test_what_was_covered_comes_back_with_its_focus_and_goes_on(person: Person) -> None:
    answer = person.ask(MENU)
    person.press(Action.RIGHT, Action.DOWN)
    cover = person.cover(AWAY)
    cover.cancel()
    person.turn()
    person.wait_painted()
    assert person.stage.describe() == {"name": "menu_6", "kind": "Menu", "focus": "health"}
    person.press(Action.OK)
    assert answer.result() == "health"


def test_a_cover_is_answered_and_uncovers(person: Person) -> None:
    answer = person.ask(LIST)
    person.press(Action.DOWN, Action.DOWN, Action.DOWN)
    cover = person.cover(IDLE)
    person.press("5")
    assert cover.result() is None
    assert person.focus == "r4"
    assert not answer.done(), "the press was for the cover"


def test_back_on_a_cover_is_the_covers(person: Person) -> None:
    answer = person.ask(MENU)
    cover = person.cover(SAMPLES["confirm_end"])
    person.press(Action.BACK)
    with pytest.raises(Back):
        cover.result()
    assert not answer.done()
    assert person.stage.describe()["name"] == "menu_6"


def test_covers_come_off_in_any_order(person: Person) -> None:
    person.ask(MENU)
    idle, away = person.cover(IDLE), person.cover(AWAY)
    idle.cancel()
    person.turn()
    assert person.stage.describe()["name"] == "card_away"
    away.cancel()
    person.turn()
    assert person.stage.describe()["name"] == "menu_6"


def test_a_base_shown_under_a_cover_waits_to_be_seen(person: Person) -> None:
    person.ask(MENU)
    cover = person.cover(AWAY)
    person.stage.put(LIST)
    assert person.stage.describe()["name"] == "card_away"
    cover.cancel()
    person.turn()
    assert person.stage.describe()["name"] == "list"


def test_cancelling_leaves_the_screen_standing(person: Person) -> None:
    answer = person.ask(MENU)
    answer.cancel()
    person.turn()
    assert person.stage.describe()["name"] == "menu_6"
    person.press(Action.RIGHT, Action.OK)
    assert person.focus == "access_log"


def test_a_menu_remembers_its_focus_when_it_is_shown_again(person: Person) -> None:
    person.ask(MENU)
    person.press(Action.RIGHT, Action.OK)
    person.see(LIST)
    person.see(MENU)
    assert person.focus == "access_log"


def test_questions_with_a_safe_answer_do_not_remember(person: Person) -> None:
    person.see(SAMPLES["confirm_end"])
    person.press(Action.LEFT)
    assert person.focus == "yes"
    person.see(MENU)
    person.see(SAMPLES["confirm_end"])
    assert person.focus == "no"


def test_a_remembered_choice_that_is_gone_falls_back_to_the_first(person: Person) -> None:
    person.see(MENU)
    person.press(Action.RIGHT)
    person.see(Menu(name=MENU.name, title="ほか", choices=(Choice("new", "あたらしい"),)))
    assert person.focus == "new"


def test_equal_data_shown_again_is_built_anew(person: Person) -> None:
    person.see(SAMPLES["consent"])
    person.press(Action.LEFT, Action.LEFT, Action.OK)
    person.see(SAMPLES["consent"])
    answer = person.ask(SAMPLES["consent"])
    person.press("2")
    assert answer.result() == frozenset()


def test_wipe_forgets_everything(person: Person, qtbot: QtBot) -> None:
    person.see(MENU)
    person.press(Action.RIGHT)
    person.cover(IDLE)
    old = screens_in_scene(person)[0]
    person.stage.wipe()
    qtbot.waitUntil(lambda: not isValid(old))
    assert screens_in_scene(person) == []
    assert scene.texts(person.stage.window) == []
    assert person.stage.describe() == {"name": "", "kind": "", "focus": None}
    assert person.stage._kiosk.property("shown") is None
    person.see(MENU)
    assert person.focus == "notices", "the focus memory is gone too"


def test_nothing_piles_up_over_many_screens(person: Person) -> None:
    person.stage.wipe()
    before = population(person)
    for _ in range(5):
        see_all(person)
    there = settled(person)
    assert there == before, f"more: {there - before}, fewer: {before - there}"


def test_the_data_of_a_screen_is_let_go_of(seat: Seat, qtlog: Any) -> None:
    QLoggingCategory.setFilterRules("qt.qml.gc.allocatorStats=true")
    try:
        person = seat()
        before = population(person)

        def memory_after_all() -> int:
            """Bytes that QML's own memory holds when every screen was seen and its garbage collected."""
            see_all(person)
            assert settled(person) == before
            person.stage._frame.engine.collectGarbage()
            told = [record.message for record in qtlog.records if "memory after GC:" in record.message]
            return int(told[-1].split()[-1])

        memory_after_all()  # and what is made once
        before_all, after_all = memory_after_all(), memory_after_all()
        assert after_all - before_all < 100 * len(SAMPLES), "a screen's data has some thousands"
    finally:
        QLoggingCategory.setFilterRules("")


def see_all(person: Person) -> None:
    for screen in SAMPLES.values():
        person.see(screen)
    person.stage.wipe()


def population(person: Person) -> Counter[str]:
    """How many items of each class there are, and how many of them are in sight."""
    there = Counter(scene.kind(item) for item in person.stage.window.findChildren(QQuickItem))
    there["in sight"] = sum(1 for _ in scene.items(person.stage.window.contentItem()))
    return there


def settled(person: Person) -> Counter[str]:
    """The population when what was taken down is gone."""
    QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return population(person)


def test_a_screens_name_is_told_once_it_was_painted(person: Person) -> None:
    person.painted.clear()
    person.see(MENU)
    person.press(Action.RIGHT)
    person.stage.window.grabWindow()
    person.see(LIST)
    assert person.painted == ["menu_6", "list"]


def test_grab_saves_what_is_shown(person: Person, tmp_path: Any) -> None:
    person.see(MENU)
    picture = tmp_path / "home.png"
    person.stage.grab(str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OSError, match="cannot write"):
        person.stage.grab(str(tmp_path / "nowhere" / "home.png"))


def test_a_screen_that_cannot_be_loaded_is_an_error_and_not_an_empty_window(
    qtbot: QtBot, qtlog: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = load_profile("stb")
    stage = QtStage(profile, load_keymap(profile.keymap), load_words())
    stage.open((1280, 720))
    monkeypatch.setitem(SCREENS, Menu, "Nowhere.qml")
    with qtlog.disabled(), pytest.raises(BrokenUi, match="Menu"):
        stage.put(MENU)
    stage.close()
