"""Readers with keys of their own: the PIN is typed there, and every way in which it can go wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from drivers.errors import EntryEnd, Pin
from kiosk.desk import EndReason
from kiosk.screens import PinEntry, PinOnReader, Problem
from stb_profile.keymap import Action
from tests.flow.fakes import FakeCard
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


def with_keys(*typed: str | EntryEnd, tries: int = 3, profile: str = "stb") -> Scene:
    scene = Scene.of(profile)
    scene.card.tries[Pin.USER_AUTHENTICATION] = tries
    scene.readers.have_keys = True
    scene.card.typed_on_reader += typed
    return scene


def closing(scene: Scene) -> list[tuple[Any, ...]]:
    return [("take_card", scene.remove), ("cleared",)]


@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_the_screen_sends_the_person_to_the_reader_and_asks_nothing_itself(profile: str) -> None:
    scene = with_keys("1234", tries=2, profile=profile)
    scene.play(("attract", scene.insert), ("sign_in.pin",), *scene.end())
    assert scene.card.log == ["tries", "certificate", "verify right", "sign"]
    screen = scene.screen("sign_in.pin")
    assert isinstance(screen, PinOnReader)
    assert (screen.tries_left, screen.tries_text) == (2, "2回")
    assert not [seen for seen in scene.stage.seen if isinstance(seen, PinEntry)]


def test_a_wrong_pin_tells_the_tries_left_and_the_reader_asks_again() -> None:
    scene = with_keys("0000", "1234")
    scene.play(("attract", scene.insert), ("sign_in.pin",), ("E-03", "again"), ("sign_in.pin",), *scene.end())
    assert scene.card.verifies == 2
    assert scene.screen("E-03").title == "暗証番号がちがいます（のこり2回）"


def test_the_last_try_is_asked_about_first() -> None:
    scene = with_keys("1234", tries=1)
    scene.play(("attract", scene.insert), ("E-04", False), *closing(scene))
    assert scene.card.verifies == 0


def test_a_blocked_pin_is_never_asked_for() -> None:
    scene = with_keys(tries=0)
    scene.play(("attract", scene.insert), ("E-05", "over"), *closing(scene))


def test_the_third_wrong_pin_blocks_it() -> None:
    scene = with_keys("0000", tries=1)
    scene.play(("attract", scene.insert), ("E-04", True), ("sign_in.pin",), ("E-05", "over"), *closing(scene))
    assert scene.card.verifies == 1


def test_back_leaves_at_once_while_the_reader_still_asks() -> None:
    scene = with_keys()
    left: list[float] = []

    def note() -> None:
        left.append(asyncio.get_running_loop().time())

    def note_and_take() -> None:
        note()
        scene.remove()

    reason = scene.play(
        ("attract", scene.insert), ("sign_in.pin", note, BACK), ("take_card", note_and_take), ("cleared",)
    )
    assert reason is EndReason.CHOSEN
    assert left[1] - left[0] < 0.6, "the half second a person takes, and nothing more"
    assert scene.card.verifies == 0


def test_red_leaves_too() -> None:
    scene = with_keys()
    scene.play(("attract", scene.insert), ("sign_in.pin", lambda: scene.stage.press(Action.RED)), *closing(scene))
    assert scene.card.verifies == 0


def test_cancelled_on_the_reader_is_back() -> None:
    scene = with_keys(EntryEnd.CANCELLED)
    assert scene.play(("attract", scene.insert), ("sign_in.pin",), *closing(scene)) is EndReason.CHOSEN
    assert "E-33" not in scene.stage.names


@pytest.mark.parametrize("end", [EntryEnd.TIME_OVER, EntryEnd.WRONG_LENGTH])
def test_no_pin_costs_no_try_and_can_be_typed_again(end: EntryEnd) -> None:
    scene = with_keys(end, "1234")
    scene.play(("attract", scene.insert), ("sign_in.pin",), ("E-33", "again"), ("sign_in.pin",), *scene.end())
    assert scene.card.log == ["tries", "certificate", "verify right", "sign"]


@pytest.mark.parametrize("profile", ["stb", "counter", "hospital"])
def test_nobody_types_and_the_reader_is_done_before_anybody_asks_whether_one_is_there(profile: str) -> None:
    scene = with_keys(profile=profile)
    begin = [("hospital.consent", frozenset())] if profile == "hospital" else []
    name = "hospital" if profile == "hospital" else "sign_in"
    scene.play(("attract", scene.insert), *begin, (f"{name}.pin",), ("E-33", "over"), *closing(scene))
    assert isinstance(scene.screen("E-33"), Problem)
    assert "still_there" not in scene.stage.names


def test_lifted_while_the_reader_asks() -> None:
    scene = with_keys()

    def back() -> None:
        scene.card.typed_on_reader.append("1234")
        scene.insert()

    scene.play(
        ("attract", scene.insert), ("sign_in.pin", scene.remove), ("card_away", back), ("sign_in.pin",), *scene.end()
    )
    assert scene.card.verifies == 1


def test_a_card_moved_to_a_reader_without_keys_is_asked_for_on_the_screen() -> None:
    scene = with_keys()
    card: FakeCard = scene.card

    def back() -> None:
        scene.readers.have_keys = False
        scene.readers.insert(card)

    scene.play(
        ("attract", scene.insert),
        ("sign_in.pin", scene.remove),
        ("card_away", back),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
