"""What the stage tells the voice, and where it offers it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QRectF

from kiosk import words as languages
from kiosk.screens import CardAway, ItemList, Margins, Screen, StillThere, TakeCard
from stb_profile.keymap import Action
from tests.ui import samples, scene, spoken
from tests.ui.conftest import Person, Seat

SAMPLES = {screen.name: screen for screen in (*samples.typical(), *samples.extreme())}
NO_FOOTER = (TakeCard, CardAway, StillThere, Margins)


class Log:
    def __init__(self) -> None:
        self.told: list[str] = []

    def gone(self) -> None:
        self.told.append("gone")

    def seen(self) -> None:
        self.told.append("seen")

    def focused(self) -> None:
        self.told.append("focused")


@pytest.fixture
def log(person: Person) -> Log:
    person.stage.watcher = log = Log()
    return log


def test_a_screen_is_gone_then_seen_and_focus_is_told(person: Person, log: Log) -> None:
    person.see(SAMPLES["menu_6"])
    assert log.told == ["gone", "seen"]
    person.press(Action.RIGHT)
    person._qtbot.waitUntil(lambda: log.told == ["gone", "seen", "focused"])
    person.press(Action.LEFT, Action.RIGHT, Action.LEFT)
    person._qtbot.waitUntil(lambda: log.told.count("focused") == 4)
    person.stage.wipe()
    assert log.told[-1] == "gone"
    assert person.stage.sight() is None


def test_what_is_in_sight_has_the_digits_that_stand_there(person: Person, log: Log) -> None:
    listed = SAMPLES["list"]
    assert isinstance(listed, ItemList)
    person.see(listed)
    sight = person.stage.sight()
    assert sight is not None
    assert (sight.focus, dict(sight.digits)) == ("r1", {"r1": 1, "r2": 2, "r3": 3})
    person.press(Action.DOWN, Action.DOWN, Action.DOWN)
    person._qtbot.waitUntil(lambda: log.told.count("focused") == 3)
    sight = person.stage.sight()
    assert sight is not None
    assert (sight.focus, dict(sight.digits)) == ("r4", {"r4": 1, "r5": 2})


@pytest.mark.parametrize("screen", SAMPLES.values(), ids=SAMPLES)
def test_the_footer_offers_the_voice_where_there_is_one(person: Person, screen: Screen[Any]) -> None:
    person.see(screen)
    without = person.stage.sight()
    person.stage.speaks = lambda language: language == "ja"
    person.see(screen)
    sight = person.stage.sight()
    assert without is not None
    assert sight is not None
    assert set(sight.footer) - set(without.footer) == (set() if isinstance(screen, NO_FOOTER) else {"blue"})


def test_the_button_of_the_voice_does_what_the_key_does(person: Person) -> None:
    person.stage.speaks = lambda language: True
    person.see(SAMPLES["list_empty"])
    person.press(Action.RIGHT, Action.OK)
    assert person.focus == "footer.blue"
    assert Action.BLUE in person.actions


@pytest.mark.parametrize("scale", scene.TEXT_SCALES)
@pytest.mark.parametrize("language", ["ja", "ja_easy", "en"])
def test_the_footer_with_the_voice_fits(seat: Seat, scale: float, language: str) -> None:
    person = seat(scale=scale, language=language)
    person.stage.speaks = lambda language: True
    fullest = {len(footer): screen for screen in SAMPLES.values() if (footer := _footer(person, screen))}
    person.see(fullest[max(fullest)])
    person.stage.card_inside = True
    edge = person.stage.window.width() * 0.05
    for text in scene.texts(person.stage.window):
        area = scene.written(text)
        assert area.left() >= edge - 1, text.property("text")
        assert area.right() <= person.stage.window.width() - edge + 1, text.property("text")
        assert not [mark for mark in _marks(person) if mark.intersects(area)], text.property("text")


def _marks(person: Person) -> list[QRectF]:
    found = (item for item in scene.items(person.stage.window.contentItem()) if "CardMark" in scene.kind(item))
    return [scene.place(mark.childItems()[0]) for mark in found]


def _footer(person: Person, screen: Screen[Any]) -> tuple[Action, ...]:
    from kiosk.stage_data import footer_actions

    return footer_actions(screen, False, True)


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_everything_a_visit_shows_has_names_in_every_language(seat: Seat, language: str) -> None:
    from tests.ui.test_accessibility import QAccessible, controls, told

    person = seat(language=language)
    words = languages.load(language)
    for screen in spoken.screens():
        person.glance(screen)
        things = told(person)
        title = languages.plain(languages.retold(screen, words).title)
        assert title in [thing.name for thing in things if thing.role == QAccessible.Role.Heading]
        assert all(thing.name for thing in controls(things)), screen.name
