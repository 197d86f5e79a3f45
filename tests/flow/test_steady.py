"""A card that wobbles: the kiosk says how to place it, and the visit goes on."""

from __future__ import annotations

import pytest

from drivers.errors import CardGone, CardMute
from kiosk.screens import PlaceCard
from stb_profile.keymap import Action
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_it_says_how_to_place_the_card_and_goes_away_by_itself(profile: str) -> None:
    scene = Scene.of(profile)
    scene.play(
        *scene.begin(), ("home", scene.readers.wobble), ("place_still", scene.readers.steady), ("home", "over"),
        *scene.end()[1:],
    )  # fmt: skip
    screen = scene.screen("place_still")
    assert isinstance(screen, PlaceCard)
    assert screen.still
    assert scene.card.verifies == 1


def test_in_the_middle_of_typing() -> None:
    scene = Scene()
    pin = [("sign_in.pin", scene.readers.wobble), ("place_still", scene.readers.steady), ("sign_in.pin", "1234")]
    scene.play(("attract", scene.insert), *pin, *_the_connection_was_lost(), *scene.end())
    assert "card_away" not in scene.stage.names


def _the_connection_was_lost() -> list[tuple[str, str]]:
    """VERIFY finds it out, without having reached the card: the PIN is asked again."""
    return [("sign_in.pin", "1234")]


def test_a_person_may_put_the_words_away() -> None:
    scene = Scene()
    again = [("home", scene.readers.wobble), ("place_still", BACK)]
    scene.play(*scene.begin(), *again, *again, *scene.end())


def test_a_card_that_is_taken_takes_the_words_along() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(), ("home", scene.readers.wobble), ("place_still", scene.remove), ("card_away", scene.insert),
        *scene.end(),
    )  # fmt: skip


def test_red_ends_the_visit_from_there() -> None:
    scene = Scene()
    red = lambda: scene.stage.press(Action.RED)  # noqa: E731
    scene.play(*scene.begin(), ("home", scene.readers.wobble), ("place_still", red), *scene.end()[1:])
    assert scene.stage.names[-3:] == ["place_still", "take_card", "cleared"], "home never comes up again"


def test_before_anybody_is_served() -> None:
    scene = Scene()
    scene.card.faults["select"].append(CardMute())
    scene.play(
        ("attract", scene.insert),
        ("E-01", scene.readers.wobble),
        ("place_still",),
        ("place_still", scene.readers.steady),  # the same again, over what comes next
        ("sign_in.pin", "1234"),
        *scene.end(),
    )


@pytest.mark.parametrize("losses", [1, 3])
def test_a_loss_nobody_is_told_of_while_the_card_is_first_read_is_tried_again(losses: int) -> None:
    scene = Scene()
    scene.card.faults["select"] += [CardGone()] * losses
    scene.play(*scene.begin(), *scene.end())
    assert scene.stage.names == ["attract", "sign_in.pin", "home", "take_card", "cleared"]


def test_losses_in_the_middle_of_a_visit_are_tried_again_and_end_nothing() -> None:
    scene = Scene.of("counter")

    def wobble() -> None:
        scene.card.faults["tries"].append(CardGone())
        scene.card.faults["select"] += [CardGone()] * 3

    scene.play(*scene.begin(), ("home", wobble, "card_status"), ("card_status", "back"), *scene.end())
    assert "card_away" not in scene.stage.names


def test_a_card_that_never_answers_again_counts_as_taken_after_a_while() -> None:
    scene = Scene.of("counter")

    def lose() -> None:
        scene.card.faults["tries"].append(CardGone())
        scene.card.faults["select"] += [CardGone()] * 1000

    scene.play(*scene.begin(), ("home", lose, "card_status"), ("take_card", scene.remove), ("cleared",))
