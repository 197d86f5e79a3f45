"""ご利用の記録 and 心当たりがない."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.desk import EndReason
from kiosk.screens import Confirm, ItemList
from tests.flow.fakes import LAST, NOON
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

INTO = (("home", "sign_ins"),)


def test_who_knows_the_last_visit_goes_on() -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    scene.play(*scene.begin(), *INTO, ("sign_ins.last", "back"), *scene.end())
    assert "block" not in scene.backend.log


def test_the_first_time_there_is_nothing_to_know() -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    scene.backend.last_sign_in = None
    scene.play(*scene.begin(), *INTO, ("sign_ins.last", "back"), *scene.end())
    assert [choice.key for choice in scene.screen("sign_ins.last").choices] == ["back", "history"]  # type: ignore[attr-defined]


def test_the_history_comes_page_by_page() -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    some = (wire.LastSignIn(at=NOON - timedelta(days=n), place="市役所の窓口") for n in range(45))
    scene.backend.sign_in_history = tuple(some)
    more = ("sign_ins.history", "more")
    steps = (("sign_ins.last", "history"), more, more, ("sign_ins.history", BACK), ("sign_ins.last", BACK))
    scene.play(*scene.begin(), *INTO, *steps, *scene.end())
    screen = scene.screen("sign_ins.history")
    assert isinstance(screen, ItemList)
    assert len(screen.rows) == 45, "and no row that leads on"
    assert [one for one in scene.backend.requests if isinstance(one, int)] == [0, 1, 2]


@pytest.mark.parametrize("way", ["last", "row"])
def test_not_me_blocks_after_a_yes_and_ends_the_visit(way: str) -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    listed = [("sign_ins.last", "history"), ("sign_ins.history", "0")]
    steps = [("sign_ins.last", "unknown")] if way == "last" else listed
    closing = (("take_card", scene.remove), ("cleared",))
    reason = scene.play(
        *scene.begin(), *INTO, *steps, ("sign_ins.sure", True), ("sign_ins.blocked", "over"), *closing
    )  # fmt: skip
    assert reason is EndReason.CHOSEN
    assert scene.backend.blocked
    sure = scene.screen("sign_ins.sure")
    assert isinstance(sure, Confirm)
    assert LAST.place in sure.lines[0]


@pytest.mark.parametrize("answer", [False, BACK])
def test_without_a_yes_nothing_is_blocked(answer: object) -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    steps = (("sign_ins.last", "unknown"), ("sign_ins.sure", answer), ("sign_ins.last", "back"))
    scene.play(*scene.begin(), *INTO, *steps, *scene.end())
    assert not scene.backend.blocked


def test_what_was_not_blocked_is_not_said_to_be() -> None:
    scene = Scene.of("stb", menu=("sign_ins",))
    scene.backend.faults["block"].append(Unreachable())
    steps = (("sign_ins.last", "unknown"), ("sign_ins.sure", True), ("E-10", "back"), ("sign_ins.last", "back"))
    scene.play(*scene.begin(), *INTO, *steps, *scene.end())
    assert "sign_ins.blocked" not in scene.stage.names
