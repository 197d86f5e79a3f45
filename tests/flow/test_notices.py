"""おしらせ: the list, the warning before one that matters in law, and reading."""

from __future__ import annotations

from backend_client.errors import Unreachable
from kiosk.screens import Confirm, Detail, Fact, ItemList
from tests.flow.fakes import refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


def test_the_list_says_who_wrote_when_and_what_is_unread() -> None:
    scene = Scene()
    scene.play(*scene.begin(), ("home", "notices"), ("notices", BACK), *scene.end())
    screen = scene.screen("notices")
    assert isinstance(screen, ItemList)
    assert screen.corner == "2件"
    first, second = screen.rows
    assert (first.title, first.above) == ("保険料のおしらせ", "11月18日(水) みどり市 国保年金課")
    assert (first.badge, first.below, second.below) == ("まだ読んでいません", "大切", "")
    assert second.facts == (
        Fact("差出人", "みほん電力（会社）"),
        Fact("とどいた日", "11月10日(火) 午前9時0分"),
    )


def test_reading_one_without_legal_effect() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n2"),
        ("notices.notice", "back"),
        ("notices", BACK),
        *scene.end(),
    )
    screen = scene.screen("notices.notice")
    assert isinstance(screen, Detail)
    assert (screen.title, screen.summary, screen.body) == ("11月の電気料金", ("一行目。", "二行目。"), "本文です。")


def test_what_was_read_is_no_longer_new() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n2"),
        ("notices.notice", BACK),
        ("notices", BACK),
        *scene.end(),
    )
    listed, home = scene.screen("notices"), scene.screen("home")
    assert [row.badge for row in listed.rows] == ["まだ読んでいません", ""]  # type: ignore[attr-defined]
    assert home.choices[0].badge == "新着 1"  # type: ignore[attr-defined]


def test_opening_one_with_legal_effect_asks_first() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n1"),
        ("notices.confirm", False),
        ("notices", "n1"),
        ("notices.confirm", BACK),
        ("notices", "n1"),
        ("notices.confirm", True),
        ("notices.notice", BACK),
        ("notices", "n1"),
        ("notices.notice", BACK),  # the second time there is nothing left to decide
        ("notices", BACK),
        *scene.end(),
    )
    question = scene.screen("notices.confirm")
    assert isinstance(question, Confirm)
    assert question.lines == ("保険料のおしらせ", "開くと、受け取った記録が残ります。")
    assert scene.backend.log.count("notice") == 2


def test_no_notices() -> None:
    scene = Scene()
    scene.backend.heads = ()
    scene.play(*scene.begin(), ("home", "notices"), ("notices", BACK), *scene.end())
    assert scene.screen("notices").empty == "おしらせは、ありません。"  # type: ignore[attr-defined]


def test_a_failure_while_opening_leads_back_to_the_list() -> None:
    scene = Scene()
    scene.backend.faults["notice"] += [Unreachable(), Unreachable()]
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n2"),
        ("E-10", "again"),
        ("E-10", "back"),
        ("notices", BACK),
        *scene.end(),
    )
    assert scene.screen("home").choices[0].badge == "新着 2"  # type: ignore[attr-defined]


def test_a_session_lost_while_opening() -> None:
    scene = Scene()
    scene.backend.faults["notice"].append(refused("session_unknown"))
    scene.play(
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n2"),
        ("E-30", "again"),
        ("sign_in.pin", "1234"),
        ("notices", BACK),
        *scene.end(),
    )
