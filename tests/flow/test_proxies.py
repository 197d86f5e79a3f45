"""家族・代理: one offers, the other agrees; acting is said on every screen and ends for certain."""

from __future__ import annotations

from typing import Any

import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.desk import EndReason
from kiosk.screens import Detail, ItemList, Menu, Result
from tests.flow.fakes import NOON, PROXIES, refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

ALL = frozenset(scope.value for scope in wire.ProxyScope)
LINE = "▶ 見本 太郎さんの代わりに 見ています"


def counter() -> Scene:
    return Scene.of("counter", menu=("proxies",))


def test_an_offer_is_item_by_item_with_a_term_and_gives_a_number() -> None:
    scene = counter()
    scene.play(
        *scene.begin(), ("home", "proxies"), ("proxies", "offer"),
        ("proxies.scopes", frozenset({"notices"})), ("proxies.term", BACK), ("proxies", "offer"),
        ("proxies.scopes", ALL), ("proxies.hidden", frozenset({"address"})), ("proxies.term", "month"),
        ("proxies.sure", True), ("proxies.number", "back"), ("proxies", BACK), *scene.end(),
    )  # fmt: skip
    (offer,) = (one for one in scene.backend.requests if isinstance(one, wire.ProxyOffer))
    assert offer.scopes == tuple(wire.ProxyScope)
    assert offer.hidden == ("address",)
    assert (offer.until - NOON).days == 30
    number = scene.screen("proxies.number")
    assert isinstance(number, Result)
    assert number.title == "番号は 1234 5678 です"


@pytest.mark.parametrize(
    "answers",
    [
        [("proxies.scopes", frozenset())],
        [("proxies.scopes", frozenset({"notices"})), ("proxies.term", BACK)],
        [("proxies.scopes", frozenset({"notices"})), ("proxies.term", "year"), ("proxies.sure", False)],
    ],
)
def test_nothing_is_offered_without_a_yes(answers: list[tuple[Any, ...]]) -> None:
    scene = counter()
    scene.play(
        *scene.begin(), ("home", "proxies"), ("proxies", "offer"), *answers, ("proxies", BACK), *scene.end()
    )  # fmt: skip
    assert not [one for one in scene.backend.requests if isinstance(one, wire.ProxyOffer)]


def test_the_number_shows_what_it_is_about_before_it_is_agreed_to() -> None:
    scene = counter()
    scene.play(
        *scene.begin(), ("home", "proxies"), ("proxies", "accept"), ("proxies.code", "00000000"),
        ("proxies.unknown", "back"), ("proxies", "accept"), ("proxies.code", "12345678"), ("proxies.agree", False),
        ("proxies", "accept"), ("proxies.code", "12345678"), ("proxies.agree", True), ("proxies.accepted", "back"),
        ("proxies", "act"), ("proxies.people", BACK), ("proxies", BACK), *scene.end(),
    )  # fmt: skip
    assert scene.backend.log.count("accept_offer") == 1


def acting() -> list[tuple[Any, ...]]:
    return [("whose", "myself"), ("home", "proxies"), ("proxies", "act"), ("proxies.people", "x1")]


def test_every_screen_says_for_whom_and_home_does_not() -> None:
    scene = counter()
    scene.backend.known_proxies = PROXIES
    scene.play(
        *scene.begin(), *acting(), ("acting", "notices"),
        ("notices", BACK), ("acting", "records"), ("access_log", BACK), ("acting", "procedures"), ("applied", BACK),
        ("acting", "post"), ("post_box", BACK), ("acting", "over"), ("proxies", BACK), *scene.end(),
    )  # fmt: skip
    marked = {name for name, line in scene.stage.lines if line == LINE}
    assert marked >= {"acting", "notices", "access_log", "applied", "post_box"}
    assert not marked & {"home", "proxies", "take_card", "cleared", "sign_in.pin"}
    menu = scene.screen("acting")
    assert isinstance(menu, Menu)
    assert [choice.key for choice in menu.choices] == ["notices", "records", "procedures", "post", "over"]
    assert scene.backend.acts_for == ""


def test_a_proxy_that_was_ended_meanwhile_leads_out_to_the_own_sign_in() -> None:
    scene = counter()
    scene.backend.known_proxies = PROXIES
    scene.backend.faults["notices"].append(refused("session_unknown"))
    scene.play(
        *scene.begin(), *acting(), ("acting", "notices"), ("E-30", "again"), ("sign_in.pin", "1234"),
        ("proxies", BACK), *scene.end(),
    )  # fmt: skip
    assert [line for name, line in scene.stage.lines if name == "sign_in.pin"] == ["", ""]
    assert scene.backend.acts_for == ""


def test_taking_the_card_while_acting_ends_it() -> None:
    scene = counter()
    scene.backend.known_proxies = PROXIES
    reason = scene.play(*scene.begin(), *acting(), ("acting", scene.remove), ("cleared",))
    assert reason is EndReason.CARD_TAKEN
    assert scene.backend.acts_for == ""
    assert scene.stage.acting == ""


def test_what_was_done_is_read_and_either_side_ends_it() -> None:
    scene = counter()
    scene.backend.known_proxies = PROXIES
    scene.play(
        *scene.begin(), ("whose", "myself"), ("home", "proxies"),
        ("proxies", "list"), ("proxies.list", "acts"), ("proxies.acts", "back"),
        ("proxies", "list"), ("proxies.list", "x2"), ("proxies.proxy", "end"), ("proxies.really", False),
        ("proxies", "list"), ("proxies.list", "x1"), ("proxies.proxy", "end"), ("proxies.really", True),
        ("proxies.ended", "back"), ("proxies", BACK), *scene.end(),
    )  # fmt: skip
    acts = scene.screen("proxies.acts")
    assert isinstance(acts, Detail)
    assert acts.facts[0].value == "見本 太郎さん：お知らせを読む"
    assert [one.id for one in scene.backend.known_proxies.proxies] == ["x2"]


def television() -> Scene:
    scene = Scene.of("stb")
    scene.backend.known_proxies = PROXIES
    return scene


def test_at_the_television_a_proxy_is_asked_first_whose_affairs_it_is() -> None:
    scene = television()
    scene.play(
        *scene.begin(), ("whose", "x1"), ("acting", "notices"), ("notices", BACK), ("acting", "over"),
        ("whose", "x1"), ("acting", BACK), ("whose", "myself"), ("home", "notices"), ("notices", BACK), *scene.end(),
    )  # fmt: skip
    asked = scene.screen("whose")
    assert isinstance(asked, ItemList)
    assert [row.key for row in asked.rows] == ["myself", "x1"]
    lines = [(name, line) for name, line in scene.stage.lines if name in ("whose", "acting", "notices", "home")]
    assert {line for name, line in lines if name == "acting"} == {LINE}
    assert {line for name, line in lines if name in ("whose", "home")} == {""}
    assert [line for name, line in lines if name == "notices"] == [LINE, ""]


def test_who_acts_for_nobody_is_not_asked() -> None:
    scene = Scene.of("stb")
    scene.backend.known_proxies = wire.ProxyList(proxies=PROXIES.proxies[1:], acts=())
    scene.play(*scene.begin(), *scene.end())
    assert "proxies" not in scene.backend.log


def test_ended_while_acting_at_the_television_leads_to_the_own_home() -> None:
    scene = television()

    def ended() -> None:
        scene.backend.known_proxies = wire.ProxyList(proxies=(), acts=())
        scene.backend.faults["notices"].append(refused("session_unknown"))

    scene.play(
        *scene.begin(), ("whose", "x1"), ("acting", ended, "notices"), ("E-30", "again"), ("sign_in.pin", "1234"),
        *scene.end(),
    )  # fmt: skip
    assert scene.backend.acts_for == ""
    assert scene.stage.acting == ""


def test_a_line_that_fails_at_the_question_leads_to_the_own_home() -> None:
    scene = television()
    scene.backend.faults["proxies"].append(Unreachable())
    scene.play(*scene.begin(), ("E-10", "back"), *scene.end())
