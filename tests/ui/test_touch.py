"""Counters and hospitals: fingers as well as keys. On the television a pointer does nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk.desk import Back
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

SAMPLES = {screen.name: screen for screen in samples.typical()}


@pytest.fixture
def counter(seat: Seat) -> Person:
    return seat("counter")


def touch(person: Person, words: str) -> None:
    """Touch the text that says `words`."""
    found = [text for text in scene.texts(person.stage.window) if text.property("text").strip() == words]
    assert len(found) == 1, f"{words}: {len(found)}"
    middle = scene.written(found[0]).center().toPoint()
    QTest.mouseClick(person.stage.window, Qt.MouseButton.LeftButton, pos=middle)
    person.turn()


def test_a_touch_chooses(counter: Person) -> None:
    answer = counter.ask(SAMPLES["menu_6"])
    touch(counter, "手続き")
    assert answer.result() == "procedures"
    assert Action.OK in counter.actions, "a touch is activity"


def test_a_pointer_does_nothing_on_the_television(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    touch(person, "手続き")
    assert not answer.done()


def test_the_pad_types_a_pin(counter: Person) -> None:
    answer = counter.ask(SAMPLES["pin_pad"])
    for key in ("9", "0", "けす", "8", "7", "6", "決定"):
        touch(counter, key)
    with answer.result() as secret:
        digits = bytearray(len(secret))
        secret.copy_into(digits, 0)
        assert digits == b"9876"


@pytest.mark.parametrize("name", ["list", "place_card", "pin_pad", "consent", "detail_bare"])
def test_back_can_be_touched(counter: Person, name: str) -> None:
    answer = counter.ask(SAMPLES[name])
    touch(counter, "もどる")
    with pytest.raises(Back):
        answer.result()


def test_the_footer_can_be_touched(counter: Person) -> None:
    counter.ask(SAMPLES["menu_6"])
    counter.actions.clear()
    QTest.mouseClick(counter.stage.window, Qt.MouseButton.LeftButton, pos=_middle(counter, "おわる", lowest=True))
    assert Action.RED in counter.actions
    touch(counter, "文字・ことば")
    assert Action.GREEN in counter.actions


def test_pages_are_turned_by_touch(counter: Person) -> None:
    answer = counter.ask(SAMPLES["list"])
    touch(counter, "▼ つぎのページ")
    assert counter.focus == "r4"
    counter.stage.window.grabWindow()
    touch(counter, "▲ まえのページ")
    assert counter.focus == "r1"
    assert not answer.done()


def test_a_long_letter_is_turned_by_touch(counter: Person) -> None:
    counter.ask(SAMPLES["detail_letter"])
    before = {text.property("text") for text in scene.texts(counter.stage.window)}
    assert samples.LETTER in before
    touch(counter, "つづきがあります　▼")
    assert "▲" in {text.property("text") for text in scene.texts(counter.stage.window)}


def test_consent_by_touch(counter: Person) -> None:
    answer = counter.ask(SAMPLES["consent"])
    yes = [text for text in scene.texts(counter.stage.window) if text.property("text") == "はい"]
    QTest.mouseClick(counter.stage.window, Qt.MouseButton.LeftButton, pos=scene.written(yes[0]).center().toPoint())
    touch(counter, "えらんだものだけ")
    assert answer.result() == frozenset({"medicines"})


@pytest.mark.parametrize("name", ["attract", "still_there"])
def test_a_touch_anywhere_goes_on(counter: Person, name: str) -> None:
    answer = counter.ask(SAMPLES[name])
    QTest.mouseClick(counter.stage.window, Qt.MouseButton.LeftButton, pos=QPoint(30, 200))
    counter.turn()
    assert answer.result() is None


def test_everything_to_touch_is_large_enough(counter: Person) -> None:
    """44 px at least, of a screen half a metre away: 66 px at 1080p, 44 px at 720p."""
    for screen in SAMPLES.values():
        counter.see(screen)
        for control in scene.pressables(counter.stage.window):
            area = scene.place(control)
            assert min(area.width(), area.height()) >= 44, f"{screen.name}: {control.property('key')}"


def _middle(person: Person, words: str, *, lowest: bool) -> QPoint:
    found = [scene.written(text) for text in scene.texts(person.stage.window) if text.property("text") == words]
    return (max if lowest else min)(found, key=lambda area: area.top()).center().toPoint()
