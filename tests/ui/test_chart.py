"""Charts and digits by keys: a point is chosen and told large; digits are seen, taken back and answered."""

from __future__ import annotations

import pytest

from kiosk.desk import Back
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person

SAMPLES = {screen.name: screen for screen in samples.typical()}


def written(person: Person) -> list[str]:
    return [text.property("text") for text in scene.texts(person.stage.window)]


def test_the_chosen_point_is_told_and_the_ends_are_ends(person: Person) -> None:
    person.see(SAMPLES["chart_bars"])
    person.press(Action.RIGHT)
    assert (person.focus, person.dead_ends) == ("point.6", 1)
    person.press(Action.LEFT)
    assert person.focus == "point.5"
    assert "11月19日(水) 12,840歩" in written(person)


def test_a_chart_answers_its_actions(person: Person) -> None:
    answer = person.ask(SAMPLES["chart_lines"])
    person.press(Action.DIGIT_1)
    assert answer.result() == "add"


def test_digits_are_typed_taken_back_and_answered(person: Person) -> None:
    answer = person.ask(SAMPLES["digits"])
    person.press(Action.DIGIT_1, Action.OK)
    assert not answer.done(), "one digit is not enough"
    person.press(Action.DIGIT_0, Action.DIGIT_9, Action.DIGIT_8)
    assert person.dead_ends == 2, "too few, then too many"
    person.press(Action.DOWN, Action.OK, Action.UP, Action.OK)
    assert answer.result() == "10"


def test_back_leads_out_of_digits_with_something_typed(person: Person) -> None:
    answer = person.ask(SAMPLES["digits"])
    person.press(Action.DIGIT_1, Action.DOWN, Action.DOWN, Action.OK)
    with pytest.raises(Back):
        answer.result()
