"""Keys of a remote control and a keyboard, and what each does."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.desk import Back
from kiosk.screens import Menu
from kiosk.stage_data import COLOURS
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

SAMPLES = {screen.name: screen for screen in samples.typical()}
NONE = Qt.KeyboardModifier.NoModifier


def send(person: Person, kind: QEvent.Type, key: Qt.Key, *, repeated: bool = False) -> None:
    QCoreApplication.sendEvent(person.stage.window, QKeyEvent(kind, key, NONE, "", repeated))
    person.turn()


def down(person: Person, key: Qt.Key, *, repeated: bool = False) -> None:
    send(person, QEvent.Type.KeyPress, key, repeated=repeated)


def up(person: Person, key: Qt.Key) -> None:
    send(person, QEvent.Type.KeyRelease, key)


@pytest.mark.parametrize(
    ("name", "digit", "key"),
    [
        ("menu_8", "7", "card"),
        ("menu_8", "0", "over"),
        ("list", "2", "r2"),
        ("detail_letter", "3", "family"),
        ("problem", "2", "over"),
        ("result", "1", "next"),
    ],
)
def test_a_digit_chooses_at_once(person: Person, name: str, digit: str, key: str) -> None:
    answer = person.ask(SAMPLES[name])
    person.press(digit)
    assert answer.result() == key


def test_a_digit_chooses_from_a_menus_other_pages_too(seat: Seat) -> None:
    person = seat(scale=2.4)
    answer = person.ask(SAMPLES["menu_8"])
    assert "おわる" not in [t.property("text") for t in scene.texts(person.stage.window) if scene.place(t).top() < 600]
    person.press("0")
    assert answer.result() == "over"


def test_a_digit_chooses_a_row_of_the_page_in_sight(person: Person) -> None:
    answer = person.ask(SAMPLES["list"])
    person.press(Action.DOWN, Action.DOWN, Action.DOWN)
    person.press("3")
    assert not answer.done(), "the second page has two rows"
    person.press("2")
    assert answer.result() == "r5"


def test_digits_of_yes_and_no(person: Person) -> None:
    answer = person.ask(SAMPLES["confirm_end"])
    person.press("1")
    assert answer.result() is True
    answer = person.ask(SAMPLES["confirm_end"])
    person.press("2")
    assert answer.result() is False


def test_consent_by_keys(person: Person) -> None:
    answer = person.ask(SAMPLES["consent"])
    person.press("3")
    assert answer.result() == frozenset()
    answer = person.ask(SAMPLES["consent"])
    person.press("1")
    assert answer.result() == frozenset({"medicines", "treatment", "checkup"})
    answer = person.ask(SAMPLES["consent"])
    person.press(Action.LEFT, Action.LEFT)
    assert person.focus == "checkup:yes"
    person.press(Action.OK)
    assert not answer.done(), "nothing is agreed to before one of the three answers"
    person.press("2")
    assert answer.result() == frozenset({"checkup"})


def test_consent_can_be_taken_back_before_the_answer(person: Person) -> None:
    answer = person.ask(SAMPLES["consent"])
    person.press(Action.LEFT, Action.LEFT, Action.OK, Action.RIGHT, Action.OK, "2")
    assert answer.result() == frozenset()


def test_zero_is_back_where_the_footer_says_so(person: Person) -> None:
    for name in ("list", "place_card", "consent"):
        answer = person.ask(SAMPLES[name])
        person.press("0")
        with pytest.raises(Back):
            answer.result()


def test_the_footer_button_is_back_too(person: Person) -> None:
    answer = person.ask(SAMPLES["list_empty"])
    person.press(Action.OK)
    with pytest.raises(Back):
        answer.result()


@pytest.mark.parametrize("key", ["Red", "F2", "Yellow", "F4", "Blue", "F1", "Green", "F3"])
def test_colours_are_told_to_the_visit_and_do_nothing_here(person: Person, key: str) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    person.press(key)
    assert not answer.done()
    assert len(person.actions) == 1
    assert person.actions[0] in COLOURS


def test_every_press_is_told_before_it_acts(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    told: list[tuple[Action, bool]] = []
    person.stage.on_action = lambda action: told.append((action, answer.done()))
    person.press(Action.DOWN, "1")
    assert told == [(Action.DOWN, False), (Action.DIGIT_1, False)]
    assert answer.result() == "notices"


def test_a_press_that_makes_the_visit_change_the_screen_is_not_meant_for_the_new_one(person: Person) -> None:
    other = Menu(name="other", title="ほか", choices=SAMPLES["menu_6"].choices)
    answer = person.ask(SAMPLES["menu_6"])
    person.stage.on_action = lambda action: person.stage.put(other)
    person.press(Action.OK)
    assert not answer.done()
    assert person.stage.describe()["name"] == "other"


def test_a_held_ok_answers_once(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    down(person, Qt.Key.Key_Return)
    assert answer.result() == "notices"
    answer = person.ask(SAMPLES["menu_3"])
    down(person, Qt.Key.Key_Return, repeated=True)
    down(person, Qt.Key.Key_Return)
    assert not answer.done(), "the key was not let go in between"
    up(person, Qt.Key.Key_Return)
    down(person, Qt.Key.Key_Return)
    assert answer.result() == "notices"


def test_a_held_digit_answers_once(person: Person) -> None:
    person.ask(SAMPLES["menu_6"])
    down(person, Qt.Key.Key_1)
    answer = person.ask(SAMPLES["confirm_end"])
    down(person, Qt.Key.Key_1, repeated=True)
    assert not answer.done()


def test_a_key_let_go_elsewhere_is_not_held_forever(person: Person) -> None:
    person.ask(SAMPLES["menu_6"])
    down(person, Qt.Key.Key_Return)
    QCoreApplication.sendEvent(person.stage.window, QEvent(QEvent.Type.FocusOut))
    answer = person.ask(SAMPLES["menu_3"])
    down(person, Qt.Key.Key_Return)
    assert answer.result() == "notices"


def test_holding_an_arrow_goes_on(person: Person) -> None:
    person.see(SAMPLES["menu_6"])
    down(person, Qt.Key.Key_Right)
    down(person, Qt.Key.Key_Right, repeated=True)
    assert person.focus == "info"


@pytest.mark.parametrize("key", ["Return", "1", "Escape"])
def test_nothing_answers_a_screen_before_it_was_painted(person: Person, key: str) -> None:
    answer = person.loop.create_task(person.stage.show(SAMPLES["menu_6"]))
    person.turn()
    person.press(key)
    assert not answer.done()
    person.wait_painted()
    person.press("1")
    assert answer.result() == "notices"


@pytest.mark.parametrize("key", [Qt.Key.Key_VolumeUp, Qt.Key.Key_A, Qt.Key.Key_Tab, Qt.Key.Key_unknown])
def test_unknown_keys_do_nothing(person: Person, key: Qt.Key) -> None:
    answer = person.ask(SAMPLES["attract"])
    down(person, key)
    assert not answer.done()
    assert person.actions == []


@pytest.mark.parametrize(
    ("evdev", "action"),
    [
        (352, Action.OK), (398, Action.RED), (399, Action.GREEN), (400, Action.YELLOW), (401, Action.BLUE),
        (512, Action.DIGIT_0), (517, Action.DIGIT_5), (521, Action.DIGIT_9), (158, Action.BACK), (174, Action.BACK),
    ],
)  # fmt: skip
def test_keys_qt_has_no_name_for_come_by_their_evdev_code(person: Person, evdev: int, action: Action) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown.value, NONE, evdev + 8, 0, 0)
    person.see(SAMPLES["menu_6"])
    QCoreApplication.sendEvent(person.stage.window, event)
    assert person.actions == [action]


@pytest.mark.parametrize("name", ["attract", "still_there"])
@pytest.mark.parametrize("key", ["Up", "Return", "7", "Escape"])
def test_any_key_goes_on(person: Person, name: str, key: str) -> None:
    answer = person.ask(SAMPLES[name])
    person.press(key)
    assert answer.result() is None


def test_colour_keys_keep_their_meaning_before_a_visit(person: Person) -> None:
    answer = person.ask(SAMPLES["attract"])
    person.press(Action.GREEN, Action.YELLOW)
    assert not answer.done()
    assert person.actions == [Action.GREEN, Action.YELLOW]


@pytest.mark.parametrize(
    ("name", "footer"),
    [
        ("attract", ["文字・ことば", "ヘルプ"]),
        ("menu_6", ["おわる", "文字・ことば", "ヘルプ"]),
        ("list", ["もどる", "おわる", "文字・ことば", "ヘルプ"]),
        ("card_away", []),
        ("still_there", []),
        ("take_card", []),
    ],
)
def test_the_footer_offers_only_what_does_something(person: Person, name: str, footer: list[str]) -> None:
    person.stage.card_inside = True
    person.see(SAMPLES[name])
    words = {"もどる", "おわる", "よみあげ", "文字・ことば", "ヘルプ"}
    low = [t for t in scene.texts(person.stage.window) if scene.place(t).top() > person.stage.window.height() * 0.88]
    assert [t.property("text") for t in low if t.property("text") in words] == footer


def test_the_card_mark_follows_the_card(person: Person) -> None:
    def shown() -> list[Any]:
        return [text.property("text") for text in scene.texts(person.stage.window)]

    person.see(SAMPLES["menu_6"])
    assert "カードをぬくと終わります" not in shown()
    person.stage.card_inside = True
    assert "カードをぬくと終わります" in shown()
