"""Changing language, size and colours while a screen stands: the place, the focus and what was ticked stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk import words
from kiosk.preferences import Preferences, Size, Theme
from stb_profile.keymap import Action
from tests.ui import scene, spoken
from tests.ui.conftest import Person, Seat

JA, EN, EASY = words.load("ja"), words.load("en"), words.load("ja_easy")
SCREENS = {screen.name: screen for screen in reversed(spoken.screens("counter"))}


def shown(person: Person) -> list[str]:
    return [text.property("text") for text in scene.texts(person.stage.window)]


def change(person: Person, **changes: Any) -> None:
    preferences = replace(person.stage.preferences, **changes)
    person.stage.apply(preferences, words.load(preferences.language))
    if person.stage.describe()["name"]:
        person.wait_painted()


def test_what_stands_is_said_in_the_new_language(person: Person) -> None:
    answer = person.ask(SCREENS["home"])
    person.press(Action.RIGHT)
    focus = person.focus
    change(person, language="en")
    assert {"Hello, 見本 花子", "Finish", "Text, Language"} <= set(shown(person))
    assert person.focus == focus
    person.press(Action.OK)
    assert answer.result() == focus
    assert not [text for text in shown(person) if "こんにちは" in text]


def test_the_next_screen_comes_in_that_language_whoever_made_it(person: Person) -> None:
    change(person, language="en")
    person.see(SCREENS["place_card"])
    assert EN("place_card.title") in shown(person)
    person.cover(SCREENS["help"])
    assert EN("help.title") in shown(person)


def test_what_lies_below_is_said_in_it_too(person: Person) -> None:
    person.ask(SCREENS["home"])
    cover = person.cover(SCREENS["help"])
    change(person, language="en")
    cover.cancel()
    person.turn()
    person.wait_painted()
    assert "Hello, 見本 花子" in shown(person)


def test_sizes_and_colours(person: Person) -> None:
    person.see(SCREENS["place_card"])

    def hint_px() -> int:
        hint = JA.lines("place_card.hints")[0]
        found = next(text for text in scene.texts(person.stage.window) if text.property("text") == hint)
        return int(found.property("font").pixelSize())

    sizes = []
    for size in Size:
        change(person, size=size)
        sizes.append(hint_px())
    assert [round(size / sizes[0], 1) for size in sizes] == [1.0, 1.4, 2.4]
    dark = person.stage.window.grabWindow().pixelColor(2, 2).lightness()
    change(person, theme=Theme.LIGHT)
    assert person.stage.window.grabWindow().pixelColor(2, 2).lightness() > 200 > 60 > dark


def test_digits_of_a_pin_are_wiped(person: Person) -> None:
    answer = person.ask(SCREENS["sign_in.pin"])
    person.press("1", "2", "3")
    typed = person.stage._top.typed  # type: ignore[union-attr]
    change(person, language="en")
    assert len(typed) == 0
    assert person.stage._kiosk.property("pinCount") == 0
    person.press("9", "8", "7", "6", Action.OK)
    with answer.result() as pin:
        assert len(pin) == 4


def test_ticks_stay(seat: Seat) -> None:
    person = seat("counter")
    answer = person.ask(SCREENS["hospital.consent"])
    person.press(Action.LEFT, Action.LEFT)
    ticked, half = str(person.focus).split(":")
    assert half == "yes"
    person.press(Action.OK)
    change(person, language="en")
    person.press("2")
    assert answer.result() == frozenset({ticked})


def test_a_tick_is_not_found_again_on_the_next_persons_screen(seat: Seat) -> None:
    person = seat("counter")
    person.ask(SCREENS["hospital.consent"])
    person.press(Action.LEFT, Action.LEFT, Action.OK)
    person.stage.wipe()
    answer = person.ask(SCREENS["hospital.consent"])
    person.press("2")
    assert answer.result() == frozenset()


def test_readings_stand_above_their_kanji(person: Person) -> None:
    change(person, language="ja_easy")
    person.see(SCREENS["E-05"])
    title = next(text for text in scene.texts(person.stage.window) if text.property("text").startswith("暗証番号が"))
    above = [spot for spot in scene.text_spots(person.stage.window)[1] if spot.item.parentItem().parentItem() is title]
    assert [spot.name for spot in above] == ["あんしょうばんごう", "つか"]
    area, letters = above[0].area, scene.written(title)
    four = title.property("font").pixelSize() * 4
    assert area.center().x() == pytest.approx(letters.left() + four / 2, abs=four / 20)
    assert letters.top() <= area.top() < area.bottom() <= letters.top() + title.property("topPadding") + 2


def test_readings_are_not_told_twice_to_assistive_technology(person: Person) -> None:
    from tests.ui.test_accessibility import told

    change(person, language="ja_easy")
    person.see(SCREENS["E-05"])
    names = [thing.name for thing in told(person)]
    assert "暗証番号が 使えなくなりました" in names
    assert "あんしょうばんごう" not in names


def test_a_sender_cannot_put_one_word_above_another(person: Person) -> None:
    forged = f"{words.BASE}はい{words.READING}いいえ{words.END}"
    person.see(replace(SCREENS["notices.notice"], title=forged, body=f"｛はい｜いいえ｝{forged}"))
    assert {"はい", "｛はい｜いいえ｝はい"} <= set(shown(person))
    assert not scene.text_spots(person.stage.window)[1]


@pytest.mark.parametrize(("digit", "language"), [("1", "ja"), ("2", "ja_easy"), ("3", "en")])
def test_the_first_screen_offers_languages_by_digit(person: Person, digit: str, language: str) -> None:
    answer = person.ask(SCREENS["attract"])
    assert {"日本語", "やさしい にほんご", "English"} <= set(shown(person))
    person.press(digit)
    assert answer.result() == language


def test_any_other_key_of_the_first_screen_just_begins(person: Person) -> None:
    for key in (Action.OK, "9", Action.DOWN):
        answer = person.ask(SCREENS["attract"])
        person.press(key)
        assert answer.result() is None


def test_a_language_is_touched(seat: Seat) -> None:
    from tests.ui.test_touch import touch

    counter = seat("counter")
    answer = counter.ask(SCREENS["attract"])
    touch(counter, "English")
    assert answer.result() == "en"


def test_every_language_offered_has_its_font(person: Person) -> None:
    offered = {language.file for language in person.stage.languages}
    assert {"ja", "ja_easy", "en"} <= offered
    for language in offered:
        change(person, language=language)
        person.see(SCREENS["place_card"])
        assert words.load(language)("place_card.title") in [words.plain(text) for text in shown(person)] or (
            language == "ja_easy"
        )


def test_a_box_may_begin_in_another_language() -> None:
    from kiosk.preferences import of_box

    assert of_box("light", {}) == Preferences(theme=Theme.LIGHT)
    chosen = {"language": "en", "size": "large", "theme": "contrast", "voice": True, "margin": [0, 0, 0, 0]}
    expected = Preferences(language="en", size=Size.LARGE, theme=Theme.CONTRAST, voice=True, margin=(0, 0, 0, 0))
    assert of_box("light", chosen) == expected
    for wrong in ({"languge": "en"}, {"size": "huge"}):
        with pytest.raises(ValueError, match=r"languge|huge"):
            of_box("light", wrong)
