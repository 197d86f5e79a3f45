"""The green key's page in a visit: what is chosen holds for the visit, and no place is ever lost by it."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import words
from kiosk.preferences import Company, Preferences, Size, Theme
from kiosk.screens import Attract, Menu, PasswordEntry, PinEntry, Screen, Working
from kiosk.stage_data import footer_actions
from kiosk.words import retold
from stb_profile.keymap import Action
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY, NOTHING, OFFERED, possible_answers

JA = words.load()
BOX = Preferences(company=Company.TOGETHER)


def opened(*deeds: object) -> tuple[Scene, list[tuple[Any, ...]]]:
    """A visit that opens the page at home and answers it so."""
    scene = Scene()
    page = [deed if isinstance(deed, tuple) else ("preferences", deed) for deed in deeds]
    return scene, [*scene.begin(), ("home", lambda: scene.stage.press(Action.GREEN)), *page, *scene.end()]


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("size", replace(BOX, size=Size.LARGE)),
        ("easy", replace(BOX, language="ja_easy")),
        ("theme", replace(BOX, theme=Theme.LIGHT)),
        ("company", replace(BOX, company=Company.ALONE)),
    ],
)
def test_each_choice_changes_one_thing_at_once_and_again_changes_it_back(key: str, wanted: Preferences) -> None:
    scene, script = opened(*[key] * 6, BACK)
    scene.play(*script)
    assert scene.stage.applied[0] == wanted
    assert scene.stage.applied[-1] == BOX, "six is a multiple of two and of three"


def test_the_page_says_how_it_is_now() -> None:
    scene, script = opened("size", BACK)
    scene.play(*script)
    first, second = (screen for screen in scene.stage.seen if screen.name == "preferences")
    assert isinstance(first, Menu)
    assert isinstance(second, Menu)
    assert (first.choices[0].detail, second.choices[0].detail) == ("いま：ふつう", "いま：大きい")
    assert len(first.choices) == 8
    assert first.back


def edges(*answers: object) -> list[tuple[str, object]]:
    return [("preferences.edge", answer) for answer in answers]


def test_the_safe_area_is_set_by_arrows_and_kept_for_the_box() -> None:
    scene, script = opened("edge", *edges("left", "left", "up", "ok"), BACK)
    scene.play(*script)
    assert scene.kept == [(46, 70, 46, 70)]
    assert [applied.margin for applied in scene.stage.applied] == [(56, 60, 56, 60), (56, 70, 56, 70), (46, 70, 46, 70)]


def test_back_undoes_the_safe_area() -> None:
    scene, script = opened("edge", *edges("left", BACK), BACK)
    scene.play(*script)
    assert scene.kept == []
    assert scene.stage.applied[-1] == BOX


def test_choosing_a_language_closes_the_page_and_the_visit_goes_on_in_it() -> None:
    scene, script = opened("language", ("preferences.language", "en"))
    scene.play(*script)
    assert scene.screen("home").title == "Hello, 見本 花子"
    assert scene.screen("take_card").title == "Take your card, please"
    assert scene.screen("cleared").title == "Your data is off the screen"


def test_back_from_the_languages_leads_to_the_page() -> None:
    scene, script = opened("language", ("preferences.language", BACK), BACK)
    scene.play(*script)
    assert scene.stage.applied == []


def test_only_languages_that_can_be_shown_are_offered() -> None:
    scene, script = opened("language", ("preferences.language", BACK), BACK)
    scene.play(*script)
    listed = scene.screen("preferences.language")
    assert isinstance(listed, Menu)
    assert [choice.key for choice in listed.choices] == [language.file for language in OFFERED]


def test_left_alone_the_page_goes_away() -> None:
    scene = Scene()
    green = lambda: scene.stage.press(Action.GREEN)  # noqa: E731
    scene.play(*scene.begin(), ("home", green), ("preferences",), ("still_there", KEY), *scene.end())


def test_the_green_key_on_the_page_does_nothing() -> None:
    scene = Scene()
    green = lambda: scene.stage.press(Action.GREEN)  # noqa: E731
    scene.play(*scene.begin(), ("home", green), ("preferences", green, BACK), *scene.end())
    assert scene.stage.names.count("preferences") == 1


def test_the_first_screen_begins_the_visit_in_a_language() -> None:
    scene = Scene()
    scene.play(("attract", "en"), ("place_card", scene.insert), ("sign_in.pin", "1234"), *scene.end())
    assert scene.screen("place_card").title == "Put your My Number Card here"
    assert scene.screen("sign_in.pin").title == "Enter your PIN of 4 numbers"


def test_whoever_chose_a_language_and_went_away_leaves_the_box_as_it_was() -> None:
    scene = Scene()
    scene.play(("attract", "en"), ("place_card",), ("attract", scene.insert), ("sign_in.pin", "1234"), *scene.end())
    assert scene.stage.applied[-1] == BOX
    assert scene.screen("sign_in.pin").title == JA("identity.pin_title")


def test_the_page_on_the_first_screen_is_left_and_forgotten_too() -> None:
    scene = Scene()
    scene.play(
        ("attract", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "size"),
        ("preferences",),
        ("attract", scene.insert),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    assert scene.stage.applied == [replace(BOX, size=Size.LARGE), BOX]


# --- whoever switches, whenever ---------------------------------------------------------------------------------------

STEPS = 25


class Wanderer:
    """Goes anywhere, by the number of its step alone; `switch` says before which steps it changes the language."""

    def __init__(self, scene: Scene, seed: int, switches: dict[int, str]) -> None:
        self._scene = scene
        self._seed = seed
        self._switches = switches
        self._language = ""
        self.way: list[tuple[str, object]] = []
        """Screens answered, and how."""
        self.seen: list[Screen[Any]] = []
        """The same screens, as they stood."""

    async def meet(self, screen: Screen[Any]) -> object:
        if screen.name == "preferences":
            return "language" if self._language else BACK
        if screen.name == "preferences.language":
            language, self._language = self._language, ""
            return language
        offered = Action.GREEN in footer_actions(screen, pointer=False)
        if offered and (language := self._switches.pop(len(self.way), "")):
            self._language = language
            self._scene.stage.press(Action.GREEN)
            return NOTHING
        return self._answered(screen)

    def _answered(self, screen: Screen[Any]) -> object:
        answer = self._answer(screen)
        if answer is not NOTHING:
            self.way.append((screen.name, answer))
            self.seen.append(screen)
        return answer

    def _answer(self, screen: Screen[Any]) -> object:
        if isinstance(screen, Working):
            return NOTHING
        chance = random.Random(f"{self._seed} {len(self.way)} {screen.name}")
        if isinstance(screen, Attract):
            return KEY
        if screen.name == "place_card":
            self._scene.insert()
            return NOTHING
        if screen.name == "take_card":
            self._scene.remove()
            return NOTHING
        if isinstance(screen, PinEntry):
            return chance.choice(("1234", "1234", "1234", "9999"))
        if isinstance(screen, PasswordEntry):
            return "ABC123"
        answers = possible_answers(screen)
        if len(self.way) < STEPS:
            answers = [answer for answer in answers if answer != "over"] or answers
        return chance.choice(answers + [BACK] * (screen.name != "home")) if answers else NOTHING


def wander(seed: int, profile: str, switches: dict[int, str]) -> Wanderer:
    scene = Scene.of(profile, **({"menu": ("notices", "access_log", "card_status")} if profile != "hospital" else {}))
    scene.backend.registered = seed % 3 > 0
    wanderer = Wanderer(scene, seed, switches)
    scene.run(wanderer)
    return wanderer


@settings(max_examples=200, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    profile=st.sampled_from(("stb", "counter", "hospital")),
    switches=st.dictionaries(st.integers(0, STEPS), st.sampled_from([language.file for language in OFFERED])),
)
def test_switching_never_loses_the_place(seed: int, profile: str, switches: dict[int, str]) -> None:
    straight, switching = wander(seed, profile, {}), wander(seed, profile, dict(switches))
    assert switching.way == straight.way
    for here, there in zip(straight.seen, switching.seen, strict=True):
        assert retold(there, JA) == here
