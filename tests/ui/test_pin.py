"""The PIN goes from the keys into a wiping buffer, and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtQml import QJSValue

from drivers.secret import Secret
from kiosk.desk import Back
from kiosk.stage_layer import Layer
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

PIN = next(screen for screen in samples.typical() if screen.name == "pin")
PAD = next(screen for screen in samples.typical() if screen.name == "pin_pad")
OVER = next(screen for screen in samples.typical() if screen.name == "card_away")


def typed(secret: Secret) -> bytes:
    target = bytearray(len(secret))
    secret.copy_into(target, 0)
    return bytes(target)


def count(person: Person) -> int:
    number: int = person.stage._kiosk.property("pinCount")
    return number


def test_four_digits_and_ok_answer_with_a_secret(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("4", "0", "9", "3")
    assert not answer.done(), "OK answers, not the last digit"
    person.press(Action.OK)
    with answer.result() as secret:
        assert typed(secret) == b"4093"
    assert len(secret) == 0


def test_ok_on_too_few_digits_and_a_fifth_digit_do_nothing(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", "2", "3", Action.OK)
    assert not answer.done()
    person.press("4", "5", Action.OK)
    assert typed(answer.result()) == b"1234"


def test_back_and_left_take_digits_back_and_back_on_none_leads_out(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", "2", "3", Action.BACK, Action.LEFT)
    assert count(person) == 1
    person.press(Action.LEFT, Action.LEFT)
    assert not answer.done(), "left never leads out"
    person.press(Action.BACK)
    with pytest.raises(Back):
        answer.result()


def test_dots_show_how_many_and_a_word_says_what_is_next(person: Person) -> None:
    person.ask(PIN)

    def words() -> list[str]:
        return [text.property("text") for text in scene.texts(person.stage.window)]

    person.press("1", "2", "3")
    assert count(person) == 3
    assert "「決定」をおしてください" not in words()
    person.press("4")
    assert "「決定」をおしてください" in words()


def test_digits_are_nowhere_in_the_scene_nor_for_assistive_technology(person: Person) -> None:
    def typing(digits: str) -> tuple[set[str], list[str]]:
        person.press(*(Action.LEFT,) * 4, *digits)
        person.stage.window.grabWindow()
        return _everything(person), _names(QAccessible.queryAccessibleInterface(person.stage.window))

    answer = person.ask(PIN)
    empty, _ = typing("")
    one, one_named = typing("7878")
    other, other_named = typing("1919")
    assert one != empty, "the dots are seen"
    assert one == other, "nothing in the scene depends on which digits were typed"
    assert one_named == other_named
    assert one_named, "assistive technology is told something"
    assert not answer.done()


def _everything(person: Person) -> set[str]:
    """Each property of each item in the scene and of its border with the stage, as text."""
    found = set()
    for item in (*scene.items(person.stage.window.contentItem()), person.stage._kiosk):
        with scene.description(item) as kind:
            properties = [kind.property(number) for number in range(kind.propertyCount())]
            for name, of in ((each.name(), each.typeName()) for each in properties):
                if of in ("QString", "QVariant", "int", "double", "QUrl"):
                    value = item.property(name)
                    if isinstance(value, QJSValue) and value.isCallable():
                        continue  # each is one of its own
                    found.add(f"{kind.className()}.{name}={getattr(value, 'toVariant', lambda v=value: v)()}")
    return found


def _names(interface: Any) -> list[str]:
    names = [interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Value)]
    for number in range(interface.childCount()):
        names += _names(interface.child(number))
    return names


def test_covering_wipes_what_was_typed(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", "2", "3")
    buffer = _layer(person).typed
    cover = person.cover(OVER)
    assert len(buffer) == 0
    cover.cancel()
    person.turn()
    person.wait_painted()
    assert count(person) == 0
    person.press("5", "6", "7", "8", Action.OK)
    assert typed(answer.result()) == b"5678"


def test_every_other_way_out_wipes_too(person: Person) -> None:
    def half_typed() -> tuple[asyncio.Task[Any], Secret]:
        answer = person.ask(PIN)
        person.press("1", "2")
        return answer, _layer(person).typed

    answer, buffer = half_typed()
    answer.cancel()
    person.turn()
    assert len(buffer) == 0

    answer, buffer = half_typed()
    person.stage.put(OVER)
    assert len(buffer) == 0

    answer, buffer = half_typed()
    person.stage.wipe()
    assert len(buffer) == 0


def test_an_answer_that_nobody_receives_is_wiped(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", "2", "3", "4")
    layer = _layer(person)
    person.stage.press(Action.OK)
    secret = layer.answer.result()
    answer.cancel()
    person.turn()
    assert answer.cancelled()
    assert len(secret) == 0


def test_nothing_is_typed_into_a_screen_nobody_waits_for(person: Person) -> None:
    person.see(PIN)
    person.press("1", "2")
    assert count(person) == 0
    assert len(_layer(person).typed) == 0


def test_one_answer_only(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", "2", "3", "4", Action.OK, "9", Action.OK)
    assert typed(answer.result()) == b"1234"


def test_the_two_pins_have_two_faces(person: Person) -> None:
    import dataclasses

    from drivers.errors import Pin

    def frame() -> str:
        return person.stage.window.grabWindow().pixelColor(4, 300).name()

    person.see(PIN)
    mine = frame()
    person.see(dataclasses.replace(PIN, pin=Pin.DIGITAL_SIGNATURE))
    assert mine == "#3b6ff5"
    assert frame() != mine


def test_the_footer_can_be_pressed_and_typing_sends_the_ring_away(person: Person) -> None:
    answer = person.ask(PIN)
    person.press("1", Action.DOWN)
    assert person.focus == "footer.green"
    person.press("2")
    assert person.focus is None
    person.press(Action.DOWN, Action.UP)
    assert (person.focus, person.dead_ends) == (None, 0)
    person.press("3", "4", Action.DOWN, Action.LEFT, Action.OK)
    assert person.focus == "footer.back"
    assert count(person) == 3, "as the 戻る key"
    person.press("4", Action.OK)
    assert typed(answer.result()) == b"1234"


def test_back_is_pressed_without_its_key(person: Person) -> None:
    answer = person.ask(PIN)
    person.press(Action.DOWN, Action.LEFT, Action.OK)
    with pytest.raises(Back):
        answer.result()


def test_the_pad_is_there_with_touch_only_and_never_takes_focus(seat: Seat) -> None:
    counter = seat("counter")
    counter.see(PAD)
    pad = [text.property("text") for text in scene.texts(counter.stage.window)]
    assert {"けす", "決定", "7"} <= set(pad)
    assert scene.pressables(counter.stage.window) == []


def _layer(person: Person) -> Layer:
    layer = person.stage._top
    assert layer is not None
    return layer
