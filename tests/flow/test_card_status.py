"""カードのようす: the tries left of each PIN, without using one."""

from __future__ import annotations

import pytest

from drivers.errors import CardMute, CardRefused, Pin
from kiosk.screens import Detail
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


@pytest.mark.parametrize(
    ("tries", "said"),
    [(5, "のこり 5回（5回中）"), (1, "のこり 1回（5回中）"), (0, "使えなくなっています（窓口で なおせます）")],
)
def test_the_tries_left(tries: int, said: str) -> None:
    scene = Scene.of("counter")
    scene.card.tries[Pin.DIGITAL_SIGNATURE] = tries
    scene.play(*scene.begin(), ("home", "card_status"), ("card_status", "back"), *scene.end())
    screen = scene.screen("card_status")
    assert isinstance(screen, Detail)
    assert [fact.value for fact in screen.facts] == ["のこり 3回（3回中）", said]
    assert scene.card.verifies == 1


def test_a_card_without_a_signature_key() -> None:
    scene = Scene.of("counter")
    refuse = lambda: scene.card.faults["tries"].append(CardRefused("tries left", 0x6A82))  # noqa: E731
    ask_first = lambda: scene.card.after.__setitem__("tries", refuse)  # noqa: E731
    scene.play(*scene.begin(), ("home", ask_first, "card_status"), ("card_status", BACK), *scene.end())
    screen = scene.screen("card_status")
    assert isinstance(screen, Detail)
    assert [fact.value for fact in screen.facts] == ["のこり 3回（3回中）", "このカードには ありません"]


@pytest.mark.parametrize("answer", ["back", BACK])
def test_a_mute_card_leads_back_home(answer: object) -> None:
    scene = Scene.of("counter")
    mute = lambda: scene.card.faults["tries"].append(CardMute())  # noqa: E731
    scene.play(*scene.begin(), ("home", mute, "card_status"), ("E-01", answer), *scene.end())


def test_the_card_is_lifted_while_it_is_read() -> None:
    scene = Scene.of("counter")
    lift = lambda: scene.card.before.__setitem__("tries", scene.remove)  # noqa: E731
    scene.play(
        *scene.begin(),
        ("home", lift, "card_status"),
        ("card_away", scene.insert),
        ("card_status", BACK),
        *scene.end(),
    )
