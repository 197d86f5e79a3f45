"""Who acts for another sees on every screen for whom, in the language of the screen, and nobody after that."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from kiosk import words
from kiosk.screens import Consent, ItemList, Menu
from tests.ui.conftest import Seat
from tests.ui.samples import typical
from tests.ui.scene import TEXT_SCALES, inside, items, kind, place, seen, texts

WORDS = words.load()
LINE = "▶ 見本 太郎さんの代わりに 見ています"
SAMPLES = [next(one for one in typical() if type(one) is kind) for kind in (Menu, ItemList, Consent)]
RENDERS = os.environ.get("MADOGUCHI_RENDERS")


@pytest.mark.parametrize("screen", SAMPLES, ids=lambda screen: type(screen).__name__)
def test_the_line_stands_above_all_else(seat: Seat, screen: Menu | ItemList | Consent) -> None:
    person = seat("stb")
    person.stage.acting = WORDS("chrome.acting", name="見本 太郎")
    person.see(screen)
    if RENDERS:
        person.stage.grab(f"{RENDERS}/acting-{type(screen).__name__}.png")
    window = person.stage.window
    (line,) = (text for text in texts(window) if text.property("text") == LINE)
    title = next(text for text in texts(window) if text.property("text") == screen.title)
    assert place(line).bottom() <= place(title).top()
    assert inside(line, window.contentItem())
    assert seen(line).height() > 0


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_it_and_the_reminder_of_an_evacuation_leave_each_other_room(seat: Seat, profile: str, scale: float) -> None:
    person = seat(profile, scale=scale)
    person.stage.acting = WORDS("chrome.acting", name="見本﨑𡈽 髙𠮷之葛󠄀太郎左衛門")
    person.stage.reminder = WORDS("emergency.level_5")
    person.stage.card_inside = True
    person.see(SAMPLES[1])
    window = person.stage.window
    if RENDERS:
        person.stage.grab(f"{RENDERS}/acting-reminder-{profile}-{scale}.png")
    (line,) = (text for text in texts(window) if text.property("text").startswith("▶ 見本﨑"))
    (reminder,) = (one for one in items(window.contentItem()) if "Reminder" in kind(one))
    assert place(reminder).isValid()
    others = [text for text in texts(window) if text is not line]
    assert not [text for text in others if place(line).intersects(place(text))]
    assert window.contentItem().contains(place(line).center())
    assert place(line).right() <= window.width()
    assert place(line).bottom() < place(reminder).top()
    assert not line.property("truncated")


def test_it_is_said_in_the_language_of_the_screen_and_goes_with_the_person(seat: Seat) -> None:
    person = seat("stb")
    stage = person.stage
    stage.acting = WORDS("chrome.acting", name="見本 太郎")
    person.see(SAMPLES[0])
    stage.apply(replace(stage.preferences, language="en"), words.load("en"))
    assert stage.acting == "▶ Acting for 見本 太郎"
    stage.wipe()
    assert stage.acting == ""
    assert stage.window.property("kiosk").property("acting") == ""
