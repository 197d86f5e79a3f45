"""Before anybody is served: the invitation, and everything that can stand between a person and the first step."""

from __future__ import annotations

import asyncio

import pytest

from drivers.errors import BadAnswer, CardMute, CardRefused, ReaderBusy, ServiceCause
from kiosk.desk import EndReason
from stb_profile.keymap import Action
from tests.flow.fakes import FakeCard, FakeReaders
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY


def test_a_card_ends_the_invitation() -> None:
    scene = Scene()
    assert scene.play(*scene.begin(), *scene.end()) is EndReason.CHOSEN
    assert scene.stage.names == ["attract", "sign_in.pin", "home", "take_card", "cleared"]


def test_a_card_that_lies_there_already_is_served_at_once() -> None:
    scene = Scene()
    scene.insert()
    scene.play(("sign_in.pin", "1234"), *scene.end())
    assert scene.stage.names[:2] in (["attract", "sign_in.pin"], ["sign_in.pin", "home"])


@pytest.mark.parametrize("key", [KEY, BACK])
def test_any_key_shows_how_to_place_the_card(key: object) -> None:
    scene = Scene()
    scene.play(("attract", key), ("place_card", scene.insert), ("sign_in.pin", "1234"), *scene.end())


def test_back_leads_from_the_picture_of_the_card_to_the_invitation() -> None:
    scene = Scene()
    scene.play(("attract", KEY), ("place_card", BACK), *scene.begin(), *scene.end())


def test_the_red_key_leads_there_too_and_ends_nobody_elses_visit() -> None:
    scene = Scene()
    red = lambda: scene.stage.press(Action.RED)  # noqa: E731
    scene.play(("attract", KEY), ("place_card", red), *scene.begin(), *scene.end())


def test_nobody_comes_after_the_key() -> None:
    scene = Scene()
    scene.play(("attract", KEY), ("place_card",), *scene.begin(), *scene.end())


def test_help_before_the_card() -> None:
    scene = Scene()
    yellow = lambda: scene.stage.press(Action.YELLOW)  # noqa: E731
    scene.play(
        ("attract", KEY),
        ("place_card", yellow),
        ("help", "back"),
        ("place_card", scene.insert),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )


# --- readers and their service ---------------------------------------------------------------------------------------


def test_no_reader_until_one_is_plugged_in() -> None:
    scene = Scene(readers=FakeReaders())
    scene.play(("attract",), ("E-21", scene.readers.plug), *scene.begin(), *scene.end())


def test_a_reader_unplugged_and_plugged_back() -> None:
    scene = Scene()
    scene.play(
        ("attract", scene.readers.unplug), ("attract",), ("E-21", scene.readers.plug), *scene.begin(), *scene.end()
    )


def test_a_plug_that_is_only_moved_is_not_worth_a_word() -> None:
    scene = Scene()

    def move() -> None:
        scene.readers.unplug()
        scene.readers.plug()

    scene.play(("attract", move), *scene.begin(), *scene.end())
    assert "E-21" not in scene.stage.names


@pytest.mark.parametrize(("cause", "code"), [(ServiceCause.NOT_RUNNING, "E-22"), (ServiceCause.NOT_AUTHORISED, "E-23")])
def test_the_card_service_away_and_back(cause: ServiceCause, code: str) -> None:
    scene = Scene()
    scene.play(
        ("attract", lambda: scene.readers.stop_service(cause)),
        (code, scene.readers.start_service),
        *scene.begin(),
        *scene.end(),
    )


# --- cards that are not ours, or do not answer -----------------------------------------------------------------------


def test_a_foreign_card_until_it_is_taken_away() -> None:
    scene = Scene()
    foreign = FakeCard(foreign=True)
    scene.play(("attract", lambda: scene.readers.insert(foreign)), ("E-02", scene.remove), *scene.begin(), *scene.end())


def test_a_foreign_card_in_the_first_reader_does_not_hide_ours_in_the_second() -> None:
    scene = Scene(readers=FakeReaders("R1", "R2"))
    scene.readers.insert(FakeCard(foreign=True), "R1")
    scene.play(
        ("E-02", lambda: scene.readers.insert(scene.card, "R2")),
        ("sign_in.pin", "1234"),
        ("home", "over"),
        ("take_card", lambda: scene.readers.remove("R2")),
        ("cleared",),
    )


def test_the_televisions_own_card_is_mentioned_once() -> None:
    scene = Scene(readers=FakeReaders("R1", "R2"))
    scene.readers.insert(FakeCard(foreign=True), "R1")
    scene.play(
        ("E-02",),
        ("attract", lambda: scene.readers.insert(scene.card, "R2")),
        ("sign_in.pin", "1234"),
        ("home", lambda: scene.readers.remove("R2")),
        ("card_away", lambda: scene.readers.insert(scene.card, "R2")),
        ("home", "over"),
        ("take_card", lambda: scene.readers.remove("R2")),
        ("cleared",),
    )


def test_a_foreign_card_beside_ours_is_furniture_when_ours_is_lifted() -> None:
    scene = Scene(readers=FakeReaders("R1", "R2"))
    scene.readers.insert(FakeCard(foreign=True), "R2")
    scene.readers.insert(scene.card, "R1")
    reason = scene.play(("sign_in.pin", "1234"), ("home", scene.remove), ("card_away",), ("cleared",))
    assert reason is EndReason.CARD_TAKEN
    assert scene.screen("card_away").code == "E-09"  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", [CardMute(), BadAnswer(), CardRefused("select", 0x6F00)])
def test_an_unreadable_card_is_put_down_again(fault: Exception) -> None:
    scene = Scene()
    scene.card.faults["select"].append(fault)
    scene.play(("attract", scene.insert), ("E-01", scene.insert), ("sign_in.pin", "1234"), *scene.end())


def test_a_card_without_power_is_unreadable() -> None:
    scene = Scene()
    scene.readers.connect_faults["R1"].append(CardMute())
    scene.play(("attract", scene.insert), ("E-01", scene.insert), ("sign_in.pin", "1234"), *scene.end())


def test_a_card_held_by_another_program_is_tried_again_by_itself() -> None:
    scene = Scene()
    scene.readers.connect_faults["R1"] += [ReaderBusy(), ReaderBusy()]
    scene.play(("attract", scene.insert), ("E-31",), ("E-31",), ("sign_in.pin", "1234"), *scene.end())


def test_red_while_a_card_hangs_is_obeyed_at_once_and_the_card_counts_again_when_put_back() -> None:
    scene = Scene()
    scene.readers.connect_s = 60.0
    came: list[float] = []

    def red() -> None:
        came.append(asyncio.get_running_loop().time())
        scene.stage.press(Action.RED)

    def put_back() -> None:
        came.append(asyncio.get_running_loop().time())
        scene.readers.connect_s = 0.05
        scene.insert()

    scene.play(
        ("attract", scene.insert),
        ("reading", red),
        ("attract",),
        ("attract", put_back),
        ("sign_in.pin", "1234"),
        *scene.end(),
    )
    assert came[1] - came[0] < 0.6, "the half second a person takes, and nothing more"
    assert scene.card.verifies == 1


def test_a_card_gone_before_it_was_read_leaves_the_invitation() -> None:
    scene = Scene()

    def touch() -> None:
        scene.insert()
        scene.remove()

    scene.play(("attract", touch), *scene.begin(), *scene.end())
