"""An evacuation notice on the real stage: over every kind of screen, answered by OK; what was there comes back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kiosk.screens import KINDS, Alarm, PinEntry, Screen
from kiosk.words import load as load_words
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

SAMPLES = {type(screen): screen for screen in reversed(samples.typical())}
ALARM: Alarm = SAMPLES[Alarm]
COLOURS = (Action.RED, Action.GREEN, Action.YELLOW)


def sound(person: Person, alarm: Alarm = ALARM) -> asyncio.Task[str]:
    task = person.loop.create_task(person.stage.alarm(alarm))
    person.turn()
    person.wait_painted()
    return task


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Alarm], ids=lambda kind: kind.__name__)
def test_over_every_kind_and_back(person: Person, kind: type[Screen[Any]]) -> None:
    below = person.ask(SAMPLES[kind])
    before = person.stage.describe()
    answer = sound(person)
    assert person.stage.describe() == {"name": "alarm", "kind": "Alarm", "focus": "ok"}
    person.press(Action.OK)
    assert answer.result() == "ok"
    person.turn()
    person.wait_painted()
    assert person.stage.describe() == before
    assert not below.done()


def test_nothing_but_ok_answers(person: Person) -> None:
    answer = sound(person)
    person.actions.clear()
    person.press(Action.BACK, *COLOURS, *"0123456789", Action.LEFT, Action.UP)
    assert not answer.done()
    assert person.stage.describe()["name"] == "alarm"
    assert not set(COLOURS) & set(person.actions), "the visit below is not told either"


def test_a_pin_half_typed_is_wiped(person: Person) -> None:
    below = person.ask(SAMPLES[PinEntry])
    person.press("1", "2")
    answer = sound(person)
    person.press("3", "4", Action.OK)
    person.turn()
    person.wait_painted()
    assert answer.result() == "ok"
    person.press(Action.OK)
    assert not below.done(), "two digits before and two meanwhile are no PIN"


def test_later_covers_go_below_and_a_wipe_takes_only_what_is_below(person: Person) -> None:
    person.ask(SAMPLES[PinEntry])
    answer = sound(person)
    person.loop.create_task(person.stage.cover(ALARM_COVER))
    person.turn()
    assert person.stage.describe()["name"] == "alarm"
    person.stage.put(SAMPLES[type(ALARM_COVER)])
    person.stage.wipe()
    assert person.stage.describe()["name"] == "alarm"
    assert not answer.done()
    person.press(Action.OK)
    person.turn()
    assert person.stage.describe()["name"] == ""


ALARM_COVER = next(screen for screen in samples.typical() if screen.name == "card_away")


def test_focus_moves_to_the_second_answer(person: Person) -> None:
    answer = sound(person)
    person.press(Action.RIGHT, Action.OK)
    assert answer.result() == "evacuated"


def test_markup_stands_as_text(person: Person) -> None:
    line = "<b>にげて</b> &amp; <img src='x'>"
    sound(person, Alarm(name="alarm", title="a", band="b", lines=(line,), actions=ALARM.actions))
    assert line in [text.property("text") for text in scene.texts(person.stage.window)]


def test_changed_in_place(person: Person) -> None:
    answer = sound(person)
    graver = Alarm(name="alarm", title="もっと", band="b", lines=("c",), actions=ALARM.actions)
    person.stage.reshow(lambda screen: graver if isinstance(screen, Alarm) else screen)
    person.wait_painted()
    assert "もっと" in [text.property("text") for text in scene.texts(person.stage.window)]
    person.press(Action.OK)
    assert answer.result() == "ok"


@pytest.mark.parametrize("scale", scene.TEXT_SCALES)
def test_the_reminder_stands_beside_the_footers_keys(seat: Seat, scale: float) -> None:
    person = seat(scale=scale)
    words = load_words("ja")
    person.stage.reminder = words("emergency.level_5")
    person.stage.card_inside = True
    person.see(next(screen for screen in samples.typical() if screen.name == "list"))
    (reminder,) = [item for item in scene.items(person.stage.window.contentItem()) if "Reminder" in scene.kind(item)]
    marks = [item for item in scene.items(person.stage.window.contentItem()) if scene.kind(item).startswith("CardMark")]
    keys = [item for item in scene.pressables(person.stage.window) if item.property("key").startswith("footer.")]
    room = scene.place(reminder)
    assert keys
    assert not any(room.intersects(scene.place(other)) for other in (*keys, *marks))
    assert room.right() <= person.stage.window.width()
