"""A list of any length: only what is near is handed to QML, and the person does not notice."""

from __future__ import annotations

import dataclasses
import json

from kiosk.preferences import Company, Size
from kiosk.screens import Fact, ItemList, Row
from kiosk.stage_rows import PORTION
from kiosk.words import Private
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person

ROWS = 1000
FACTS = (Fact("差出人", "みどり市"),)
LIST = ItemList(
    name="long",
    title="おしらせ",
    rows=tuple(Row(f"r{n}", Private(f"{n}番のおしらせ"), facts=FACTS) for n in range(ROWS)),
    preview_title="ないよう",
)
HOME = next(screen for screen in samples.typical() if screen.name == "menu_6")


def titles(person: Person) -> list[str]:
    texts = [text.property("text") for text in scene.texts(person.stage.window)]
    return [text for text in texts if text.endswith("番のおしらせ")]


def at_hand(person: Person) -> int:
    return len(json.loads(person.stage._kiosk.property("shown")["screen"])["portion"]["entries"])


def go_down(person: Person, rows: int) -> None:
    person.press(*(Action.DOWN,) * rows)


def test_every_row_is_reached_down_and_up_again(person: Person) -> None:
    person.see(LIST)
    for n in range(1, 3 * PORTION):
        person.press(Action.DOWN)
        assert person.focus == f"r{n}"
        assert scene.focused(person.stage.window) == [f"r{n}"]
    for n in reversed(range(3 * PORTION - 1)):
        person.press(Action.UP)
        assert person.focus == f"r{n}"


def test_only_what_is_near_is_handed_over(person: Person) -> None:
    person.see(LIST)
    assert at_hand(person) == PORTION
    corner = [text.property("text") for text in scene.texts(person.stage.window) if "334" in text.property("text")]
    assert corner, "all pages are counted"


def test_a_digit_answers_a_row_far_down(person: Person) -> None:
    answer = person.ask(LIST)
    go_down(person, 100)
    assert titles(person) == [f"{n}番のおしらせ" for n in (99, 100, 101)]
    sight = person.stage.sight()
    assert sight is not None
    assert dict(sight.digits) == {"r99": 1, "r100": 2, "r101": 3}
    assert isinstance(sight.screen, ItemList)
    assert {"r99", "r100", "r101"} <= {row.key for row in sight.screen.rows}
    person.press("3")
    assert answer.result() == "r101"


def test_the_place_far_down_is_found_again(person: Person) -> None:
    person.see(LIST)
    go_down(person, 100)
    person.see(HOME)
    person.see(LIST)
    assert (person.focus, titles(person)[1]) == ("r100", "100番のおしらせ")
    person.press(Action.UP, Action.UP)
    assert person.focus == "r98"


def test_a_place_that_is_gone_is_the_first_row(person: Person) -> None:
    person.see(LIST)
    go_down(person, 100)
    person.see(HOME)
    person.see(dataclasses.replace(LIST, rows=LIST.rows[:100] + LIST.rows[101:]))
    assert person.focus == "r0"


def test_the_end_is_an_end(person: Person) -> None:
    person.see(dataclasses.replace(LIST, rows=LIST.rows[: PORTION + 5]))
    go_down(person, PORTION + 4)
    assert person.focus == f"r{PORTION + 4}"
    person.press(Action.DOWN)
    assert str(person.focus).startswith("footer.")


def test_size_and_language_keep_the_place_far_down(person: Person) -> None:
    person.see(LIST)
    go_down(person, 101)
    stage = person.stage
    for size in Size:
        stage.apply(dataclasses.replace(stage.preferences, size=size, language="en"), load_words("en"))
        person.wait_painted()
        assert scene.focused(stage.window) == ["r101"], size
        assert "101番のおしらせ" in titles(person), size


def test_rows_fetched_later_are_hidden_too(person: Person) -> None:
    stage = person.stage
    stage.apply(dataclasses.replace(stage.preferences, company=Company.TOGETHER), load_words())
    person.see(LIST)
    go_down(person, 2 * PORTION)
    assert person.focus == f"r{2 * PORTION}"
    assert titles(person) == []


def test_nothing_fetched_stays_behind(person: Person) -> None:
    person.see(LIST)
    go_down(person, 2 * PORTION)
    assert person.stage._kiosk.property("rows") == ""
