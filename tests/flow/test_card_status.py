"""カードのようす: the tries left of each PIN, without using one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend_client import wire
from backend_client.errors import Unreachable
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


MOVED = (
    *(
        ("move.day", "1"),
        ("move.postcode", "1234567"),
        ("move.town", "0"),
        ("move.block", "3"),
        ("move.house", "5"),
    ),
    *(("move.people", "self"), ("move.whom", "advised"), ("move.check", "sign"), ("signing.password", "ABC123")),
    *(("move.done", "next"), ("move.tasks", "back")),
)


def test_a_change_of_address_since_the_card_was_issued_stands_first_and_begins_the_move() -> None:
    scene = Scene.of("counter")
    scene.backend.changed = (wire.Item.ADDRESS,)
    scene.play(*scene.begin(), ("home", "card_status"), ("card_status", "move"), *MOVED, *scene.end())
    screen = scene.screen("card_status")
    assert isinstance(screen, Detail)
    assert screen.facts[0].value == "このカードを作ったあとで、住所が かわりました"
    assert [action.key for action in screen.actions] == ["move", "back"]
    (since,) = (one for one in scene.backend.requests if isinstance(one, datetime))
    assert since == datetime(2026, 1, 1, tzinfo=UTC), "when the card was issued"
    assert scene.backend.log.count("submit") == 1


@pytest.mark.parametrize("changed", [(), (wire.Item.NAME,)])
def test_who_says_so_moves_without_the_register_and_may_leave_it_again(changed: tuple[wire.Item, ...]) -> None:
    scene = Scene.of("counter")
    scene.backend.changed = changed
    scene.play(
        *scene.begin(), ("home", "card_status"), ("card_status", "move"), ("move.day", BACK),
        ("card_status", "move"), *MOVED, *scene.end(),
    )  # fmt: skip
    screen = scene.screen("card_status")
    assert isinstance(screen, Detail)
    assert [action.key for action in screen.actions] == ["back", "move"]
    assert len(screen.facts) == 2


def test_a_move_that_was_begun_goes_on_from_the_card() -> None:
    scene = Scene.of("counter")
    scene.play(
        *scene.begin(), ("home", "card_status"), ("card_status", "move"), *MOVED[:7], ("move.check", BACK),
        ("card_status", "move"), ("move.go_on", "go_on"), *MOVED[7:], *scene.end(),
    )  # fmt: skip


def test_without_a_line_the_card_is_told_all_the_same() -> None:
    scene = Scene.of("counter")
    scene.backend.faults["own_changes"].append(Unreachable())
    scene.play(*scene.begin(), ("home", "card_status"), ("card_status", "back"), *scene.end())
