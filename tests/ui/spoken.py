"""Every screen a person can meet, as the flows make them: collected from visits in virtual time, without repetition.

Unlike the samples they are made of Texts, so that they can be retold in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
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
from tests.flow.fake_emergency import notice
from tests.flow.fake_facilities import FIRST, booking_of, use_of
from tests.flow.fake_health import walked
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
    for scene in (
        _portal(profile),
        _first_time(profile),
        _on_reader(profile),
        _booking(profile),
        *_health(profile),
        _emergency(profile),
        *_care(profile),
    ):
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


def _emergency(profile: str) -> Scene:
    scene = Scene.of(profile)
    read = [("emergency", "ok"), ("emergency", "ok")]
    report = [("evacuated.where", "0.school"), ("evacuated.people", "3"), ("evacuated.sure", True)]
    scene.play(
        ("attract", lambda: scene.tell(notice())),
        *read,
        ("emergency", lambda: scene.tell(notice(), notice(wire.Level.ELDERLY), notice(wire.Level.SAVE_LIFE))),
        *read,
        ("emergency", "evacuated"),
        ("place_card", scene.insert),
        ("sign_in.pin", "1234"),
        *report,
        ("evacuated.done", "back"),
        ("home", "evacuated"),
        ("evacuated.before", "anew"),
        *report,
        ("evacuated.done", "undo"),
        ("evacuated.undone", "back"),
        *scene.end(),
    )
    return scene


def _care(profile: str) -> Iterator[Scene]:
    if "care" not in load(profile).groups.get("living", ()):
        return
    scene = Scene.of(profile)
    scene.play(
        *scene.begin(),
        *(("home", "living"), ("living", "care"), ("care.consent", True), ("care.code", "back")),
        *(("living", "care"), ("care", "end"), ("care.ended", "back"), ("living", BACK)),
        *scene.end(),
    )
    yield scene


def _health(profile: str) -> Iterator[Scene]:
    empty, full = Scene.of(profile, menu=("health",)), Scene.of(profile, menu=("health",))
    book = empty.backend.health_book
    book.steps, book.readings, book.check_ups = walked(), (), ()
    empty.play(
        *empty.begin(),
        *(("home", "health"), ("health", "steps"), ("health.steps", "back")),
        *(("health", "pressure"), ("health.pressure", "back")),
        *(("health", "check_ups"), ("health.check_ups", BACK), ("health", BACK)),
        *empty.end(),
    )
    full.play(
        *full.begin(),
        *(("home", "health"), ("health", "steps"), ("health.steps", "back")),
        *(("health", "pressure"), ("health.pressure", "add"), ("health.upper", "134"), ("health.lower", "82")),
        *(("health.sure", True), ("health.pressure", "back")),
        *(("health", "check_ups"), ("health.check_ups", "0"), ("health.check_up", "back"), ("health.check_ups", BACK)),
        ("health", BACK),
        *full.end(),
    )
    yield from (empty, full)


def _booking(profile: str) -> Scene:
    scene = Scene.of(profile, menu=("booking", *(("phone",) if "phone" in load(profile).menu else ())))
    moved_up = booking_of(use_of(day=FIRST + timedelta(days=9)), moved_up=True)
    scene.backend.facilities.kept = [moved_up]
    scene.play(
        *scene.begin(),
        ("home", "booking"),
        ("booking", "find"),
        ("booking.kinds", "hall"),
        ("booking.days", "type"),
        ("booking.type_day", "1122"),
        ("booking.slots", "0"),
        ("booking.confirm", "yes"),
        ("booking.done", "yes"),
        ("booking", "find"),
        ("booking.kinds", "hall"),
        ("booking.days", FIRST.isoformat()),
        ("booking.slots", "0"),
        ("booking.has", "back"),
        ("booking.slots", "2"),
        ("booking.wait", "yes"),
        ("booking.done", "yes"),
        ("booking", "mine"),
        ("booking.mine", "0"),
        ("booking.booked", BACK),
        ("booking.mine", "2"),
        ("booking.booked", "back"),
        ("booking.mine", "1"),
        ("booking.booked", "cancel"),
        ("booking.cancel", True),
        ("booking.cancelled", "yes"),
        ("booking.mine", BACK),
        ("booking", BACK),
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
