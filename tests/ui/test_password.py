"""The signature password: letters by the arrows, digits by their keys, straight into a wiping buffer."""

from __future__ import annotations

import pytest

from kiosk.desk import Back
from stb_profile.keymap import Action
from tests.ui import samples
from tests.ui.conftest import Person
from tests.ui.test_pin import count, typed

PASSWORD = next(screen for screen in samples.typical() if screen.name == "password")
ABC = (Action.OK, Action.RIGHT, Action.OK, Action.RIGHT, Action.OK)
TO_OK = (Action.RIGHT,) * 7


def test_letters_by_arrows_digits_by_keys_and_the_ok_at_the_right(person: Person) -> None:
    answer = person.ask(PASSWORD)
    person.press(*ABC, "1", "2", "3", *TO_OK)
    assert person.focus == "ok"
    assert count(person) == 6
    assert not answer.done()
    person.press(Action.OK)
    with answer.result() as secret:
        assert typed(secret) == b"ABC123"
    assert len(secret) == 0


def test_five_are_too_few_and_a_seventeenth_is_not_taken(person: Person) -> None:
    answer = person.ask(PASSWORD)
    person.press(*ABC, "1", "2", *TO_OK, Action.OK)
    assert not answer.done()
    person.press(*"345678901234", Action.OK)
    assert typed(answer.result()) == b"ABC1234567890123"


def test_back_takes_one_back_and_on_none_leads_out(person: Person) -> None:
    answer = person.ask(PASSWORD)
    person.press(Action.OK, "7", Action.BACK)
    assert count(person) == 1
    person.press(Action.BACK)
    assert not answer.done()
    person.press(Action.BACK)
    with pytest.raises(Back):
        answer.result()


def test_a_cover_wipes_what_was_typed(person: Person) -> None:
    answer = person.ask(PASSWORD)
    person.press(*ABC, "1", "2", "3")
    over = next(screen for screen in samples.typical() if screen.name == "card_away")
    person.cover(over).cancel()
    person.turn()
    assert count(person) == 0
    assert not answer.done()


def test_what_a_phone_typed_takes_its_place_and_only_ok_is_left(person: Person) -> None:
    answer = person.ask(PASSWORD)
    person.press(*ABC)
    person.stage.fill(memoryview(b"XYZ789"))
    assert person.focus == "ok"
    assert count(person) == 6
    person.press(Action.OK)
    with answer.result() as secret:
        assert typed(secret) == b"XYZ789"


def test_no_letter_stays_in_the_window(person: Person) -> None:
    person.ask(PASSWORD)
    before = person.stage._kiosk.property("kept")
    person.press(*ABC)
    assert person.stage._kiosk.property("kept") == before == ""
