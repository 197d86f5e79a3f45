"""Every screen a person can meet, as the flows make them: collected from visits in virtual time, without repetition.

Unlike the samples they are made of Texts, so that they can be retold in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from backend_client import wire
from drivers.errors import CardGone, Pin
from kiosk import problems, visit_screens, words
from kiosk.desk import EndReason
from kiosk.screens import Choice, Screen
from stb_profile.keymap import Action
from stb_profile.profile import load
from tests.flow.fakes import INSURANCE, FakeCard
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY, OFFERED
from tests.unit.test_problems import ENTRIES, PARTS

WORDS = words.load()


@cache
def screens(profile: str = "stb") -> tuple[Screen[Any], ...]:
    """By name; of several screens of one name, those that differ in kind or in their number of parts."""
    found: dict[object, Screen[Any]] = {}
    for screen in _all(profile):
        found.setdefault((screen.name, type(screen), tuple(_shape(screen))), screen)
    return tuple(found.values())


def _shape(screen: Screen[Any]) -> Iterator[object]:
    for field in ("facts", "rows", "choices", "actions", "lines"):
        yield len(getattr(screen, field, ()))
    yield getattr(screen, "tries_left", None)


def _all(profile: str) -> Iterator[Screen[Any]]:
    pointer = load(profile).pointer
    for scene in _portal(profile), _first_time(profile), _on_reader(profile):
        yield from scene.stage.seen
    if pointer:
        for scene in _hospital():
            yield from scene.stage.seen
    yield from _around(profile)
    for entry in ENTRIES:
        for place in ("", "hospital") if pointer else ("",):
            yield problems.problem(WORDS, entry, _ACTIONS, place=place, **PARTS)  # type: ignore[arg-type]


_ACTIONS = (problems.again(WORDS), Choice("over", WORDS("action.over")))


def _portal(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("notices", "access_log", "card_status"))
    scene.card.tries[Pin.USER_AUTHENTICATION] = 3
    scene.play(
        ("attract", KEY),
        ("place_card", scene.insert),
        ("sign_in.pin", "9999"),
        ("E-03", "again"),
        ("sign_in.pin", "9999"),
        ("E-03", "again"),
        ("E-04", True),
        ("sign_in.pin", "1234"),
        ("home", "notices"),
        ("notices", "n1"),
        ("notices.confirm", True),
        ("notices.notice", "back"),
        ("notices", BACK),
        ("home", "access_log"),
        ("access_log", "0"),
        ("access_log.record", "doubt"),
        ("access_log.doubt", "back"),
        ("access_log.record", "back"),
        ("access_log", BACK),
        ("home", "card_status"),
        ("card_status", "back"),
        ("home", BACK),
        ("home.end", False),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "language"),
        ("preferences.language", BACK),
        ("preferences", "edge"),
        ("preferences.edge", "ok"),
        ("preferences", BACK),
        ("home", lambda: scene.stage.press(Action.YELLOW)),
        ("help", "back"),
        *scene.end(),
    )
    return scene


def _first_time(profile: str) -> Scene:
    scene = Scene.of(profile)
    scene.backend.registered, scene.backend.heads, scene.backend.told = False, (), ()
    scene.backend.last_sign_in = None
    scene.card.tries[Pin.DIGITAL_SIGNATURE] = 0
    begin = [*scene.begin(), ("sign_in.register", True), ("home", "notices"), ("notices", BACK)]
    scene.play(*begin, ("home", "access_log"), ("access_log", BACK), *scene.end())
    return scene


def _on_reader(profile: str) -> Scene:
    scene = Scene.of(profile)
    scene.readers.have_keys = True
    scene.card.typed_on_reader.append("1234")
    scene.play(("attract", scene.insert), ("sign_in.pin",), *scene.end())
    return scene


def _hospital() -> Iterator[Scene]:
    whole = msgspec.structs.replace(INSURANCE, name="見本 ●子", partial_contribution_percent=25)
    for validity, insurance, agreed in (
        (wire.Validity.VALID, whole, frozenset({"medicines", "treatment", "checkup"})),
        (wire.Validity.VALID, INSURANCE, frozenset()),
        (wire.Validity.VALID_MEDICAL_AID, None, frozenset({"medicines"})),
    ):
        scene = Scene.of("hospital")
        scene.card = FakeCard()
        scene.backend.cards = [scene.card]
        scene.backend.validity, scene.backend.insurance = validity, insurance
        scene.play(
            ("attract", scene.insert),
            ("hospital.consent", agreed),
            ("hospital.pin", "1234"),
            ("hospital.insurance", "next"),
            ("hospital.reception", "over"),
            ("take_card", scene.remove),
            ("cleared",),
        )
        yield scene


def _around(profile: str) -> Iterator[Screen[Any]]:
    """What interrupts a visit or stands around it."""
    settings = load(profile)
    yield visit_screens.attract(WORDS, settings, OFFERED)
    yield visit_screens.attract(WORDS, replace(settings, entry="hospital"), OFFERED)
    yield visit_screens.place_card(WORDS)
    yield visit_screens.place_still(WORDS)
    yield visit_screens.reading(WORDS)
    yield visit_screens.card_away(WORDS, CardGone(), 10)
    yield visit_screens.still_there(WORDS, 60)
    yield visit_screens.help_screen(WORDS, settings)
    for reason in EndReason:
        yield visit_screens.take_card(WORDS, reason)
        yield visit_screens.cleared(WORDS, reason)
