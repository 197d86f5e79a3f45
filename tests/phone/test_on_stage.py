"""What a phone does on the real stage: typed into the real buffer, and kept off the real screen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kiosk.screens import PhoneMark, Screen
from stb_profile.keymap import Action
from tests.phone.screens import LETTER, letter, pin, reading
from tests.ui.conftest import Person, person, qapp_cls, seat

__all__ = ["person", "qapp_cls", "seat"]


EMPTY = replace(letter(), facts=(), summary=(), body="")


class Veil:
    """Somebody beside who hides every letter."""

    def __init__(self) -> None:
        self.hides = True
        self.changes: list[str] = []
        self.sights = 0

    def changed(self, screen: Screen[Any] | None) -> None:
        self.changes.append("" if screen is None else screen.name)

    def seen(self) -> None:
        self.sights += 1

    def veiled(self, screen: Screen[Any]) -> Screen[Any]:
        return EMPTY if self.hides else screen


def shown(person: Person) -> str:
    return json.dumps(json.loads(person.stage._kiosk.property("shown")["screen"]), ensure_ascii=False)


def test_keys_of_a_phone_type_a_pin(person: Person) -> None:
    answer = person.ask(pin())
    for digit in "9981":
        person.stage.act(Action(digit))
    for _ in range(4):
        person.stage.act(Action.LEFT)
    for digit in "1284":
        person.stage.act(Action(digit))
    person.stage.act(Action.OK)
    person.turn()
    with answer.result() as secret:
        typed = bytearray(4)
        secret.copy_into(typed, 0)
        assert typed == b"1284"


def test_what_a_phone_typed_takes_the_place_of_what_stands_there(person: Person) -> None:
    answer = person.ask(pin())
    person.press("9", "9", Action.DOWN)
    person.stage.fill(memoryview(b"1284"))
    assert person.focus is None
    person.press(Action.OK)
    with answer.result() as secret:
        typed = bytearray(4)
        secret.copy_into(typed, 0)
        assert typed == b"1284"


def test_a_number_typed_on_a_phone_is_seen_and_answered_here(person: Person) -> None:
    answer = person.ask(reading())
    person.press("9", "9")
    person.stage.fill(memoryview(b"128"))
    assert not answer.done()
    person.press(Action.OK)
    assert answer.result() == "128"


def test_nothing_is_typed_where_nothing_asks_for_it(person: Person) -> None:
    answer = person.ask(letter())
    person.stage.fill(memoryview(b"1284"))
    assert not answer.done()


def test_what_is_veiled_never_comes_to_the_screen_or_the_voice(person: Person) -> None:
    veil = person.stage.beside = Veil()
    person.see(letter())
    assert veil.changes == ["notices.notice"]
    assert veil.sights == 1
    assert LETTER not in shown(person)
    sight = person.stage.sight()
    assert sight is not None
    assert sight.screen == EMPTY
    veil.hides = False
    person.stage.reshow()
    person.wait_painted()
    assert LETTER in shown(person)


def test_what_was_exchanged_for_good_stays_so(person: Person) -> None:
    person.see(letter())
    person.stage.reshow(lambda screen: EMPTY)
    person.wait_painted()
    assert LETTER not in shown(person)
    person.stage.reshow()
    assert LETTER not in shown(person)


def test_the_mark(person: Person) -> None:
    person.see(letter())
    for mark in PhoneMark:
        person.stage.phone = mark
        assert person.stage._kiosk.property("phone") == mark.value
