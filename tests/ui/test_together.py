"""だれかといっしょ: nothing private is in the scene until 表示する is chosen, on no screen of any flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtQuick import QQuickItem

from kiosk import words
from kiosk.preferences import Company
from kiosk.screens import Detail, Screen
from kiosk.stage_private import SHOW, hidden, texts
from kiosk.words import COMPLETE, Private, Text, is_private, retold
from stb_profile.keymap import Action
from stb_profile.profile import load
from tests.flow import fakes
from tests.ui import spoken
from tests.ui.conftest import Person, Seat
from tests.ui.test_accessibility import told

JA = words.load()
SCREENS = {profile: spoken.screens(profile) for profile in ("stb", "counter")}
LETTER = next(screen for screen in SCREENS["stb"] if screen.name == "notices.notice")
SECRETS = (
    *(head.title for head in fakes.HEADS),
    *(text for told in fakes.RECORDS for text in (told.sentence, told.reason, told.record.kind, told.record.basis)),
    *("一行目。", "二行目。", "本文です。"),
)
"""What the fake backend says that others must not see; nothing here asks the flows what they have marked."""


def together(person: Person, company: Company = Company.TOGETHER, language: str = "ja") -> Person:
    preferences = replace(person.stage.preferences, company=company, language=language)
    person.stage.apply(preferences, words.load(language))
    return person


def in_scene(person: Person) -> str:
    """All that any item holds, seen or not, and all that assistive technology is told."""
    held = [str(item.property("text") or "") for item in every(person.stage.window.contentItem())]
    return "\n".join((*held, *(thing.name for thing in told(person)), str(person.stage._kiosk.property("shown"))))


def every(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        yield child
        yield from every(child)


def private_words(value: object) -> Iterator[str]:
    """What was marked, wherever it is a part of something else."""
    for text in texts(value):
        if isinstance(text, Private) and text:
            yield str(text)
        elif isinstance(text, Text):
            yield from private_words(tuple(part for part in text.parts.values() if isinstance(part, str)))


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("profile", SCREENS)
def test_nothing_private_is_in_the_scene(seat: Seat, profile: str, language: str) -> None:
    person = together(seat(profile, language=language), language=language)
    found, marked = [], 0
    for screen in SCREENS[profile]:
        person.lay_out(screen)
        scene, secrets = in_scene(person), {*SECRETS, *private_words(screen)}
        marked += any(map(is_private, texts(screen)))
        found += [f"{screen.name}: {secret}" for secret in secrets if secret in scene]
    assert not found
    assert marked >= 4


def test_alone_all_of_it_is_there(person: Person) -> None:
    together(person, Company.ALONE).lay_out(LETTER)
    assert {"一行目。", "本文です。"} <= set(in_scene(person).splitlines())


@pytest.mark.parametrize("keys", [("2",), (Action.RIGHT, Action.OK)])
def test_it_is_shown_for_this_screen_only(person: Person, keys: tuple[Action | str, ...]) -> None:
    together(person)
    answer = person.ask(replace(LETTER, actions=LETTER.actions[:1]))  # type: ignore[call-arg]
    assert "本文です。" not in in_scene(person)
    assert person.focus == "back"
    person.press(*keys)
    person.wait_painted()
    assert "本文です。" in in_scene(person)
    assert not answer.done()
    assert person.focus == "back"
    person.press(Action.OK)
    assert answer.result() == "back"
    person.ask(LETTER)
    assert "本文です。" not in in_scene(person)


def test_it_stays_shown_behind_the_help_and_is_hidden_when_somebody_comes(person: Person) -> None:
    together(person).ask(LETTER)
    person.stage._answered([SHOW])
    cover = person.cover(next(screen for screen in SCREENS["stb"] if screen.name == "help"))
    cover.cancel()
    person.turn()
    person.wait_painted()
    assert "本文です。" in in_scene(person)
    together(person, Company.ALONE)
    together(person)
    assert "本文です。" not in in_scene(person)


def test_the_voice_is_told_no_more_than_is_seen(person: Person) -> None:
    together(person).ask(LETTER)
    sight = person.stage.sight()
    assert sight is not None
    assert not any(map(is_private, texts(sight.screen)))


def test_a_list_says_the_sender_only() -> None:
    listed = next(screen for screen in SCREENS["stb"] if screen.name == "notices" and screen.rows)  # type: ignore[attr-defined]
    rows = hidden(listed, JA).rows  # type: ignore[attr-defined]
    letters = [row.title for row in rows if row.title != JA("notices.shared")]
    assert letters == [JA("notices.from_sender", sender=head.sender) for head in fakes.HEADS]


def test_a_screen_without_anything_private_is_the_same() -> None:
    home = next(screen for screen in SCREENS["stb"] if screen.name == "home")
    assert hidden(home, JA) is home


@pytest.mark.parametrize(
    "screen", [screen for screen in SCREENS["counter"] if any(map(is_private, texts(screen)))], ids=str
)
def test_there_is_room_for_one_more_action(screen: Screen[object]) -> None:
    assert len(getattr(screen, "actions", ())) <= 3


def test_what_is_private_stays_so_in_every_language() -> None:
    percent = words.private(JA("hospital.percent_value", tenths=3, percent=30))
    for text in (percent, JA("access_log.reason", reason=Private("保険料"))):
        assert is_private(retold(text, words.load("en")))
        shown = hidden(Detail(name="x", title=JA("access_log.preview"), summary=(text,)), JA)
        assert str(text) not in tuple(texts(shown))


def test_a_television_begins_together() -> None:
    assert load("stb").preferences["company"] == Company.TOGETHER.value
