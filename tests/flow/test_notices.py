"""おしらせ: the list, the warning before one that matters in law, and reading."""

from __future__ import annotations

import msgspec
import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.screens import Confirm, Detail, Fact, ItemList, Result
from tests.flow.fakes import HEADS, NOON, PDF, TEXT, an_action, refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


def test_the_list_says_who_wrote_when_and_what_is_unread() -> None:
    scene = Scene()
    scene.play(*scene.begin(), ("home", "notices"), ("notices", BACK), *scene.end())
    screen = scene.screen("notices")
    assert isinstance(screen, ItemList)
    assert screen.corner == "2件"
    first, second, shared = screen.rows
    assert shared.key == "shared"
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
    assert [row.badge for row in listed.rows] == ["まだ読んでいません", "", ""]  # type: ignore[attr-defined]
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
    assert scene.screen("notices").corner == "おしらせは、ありません。"  # type: ignore[attr-defined]


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


READ = (("home", "notices"), ("notices", "n2"))
AWAY = (("notices.notice", BACK), ("notices", BACK))


def test_a_term_and_a_mark_stand_in_the_list() -> None:
    scene = Scene()
    due = msgspec.structs.replace(HEADS[1], opened=True, reply_by=NOON, mark=wire.NoticeMark.KEEP)
    urgent = msgspec.structs.replace(HEADS[1], id="n3", weight=wire.Weight.URGENT)
    scene.backend.heads = (due, urgent)
    scene.play(*scene.begin(), ("home", "notices"), ("notices", BACK), *scene.end())
    first, second, _ = scene.screen("notices").rows  # type: ignore[attr-defined]
    assert (first.below, first.badge, second.below) == ("11月21日(土)まで", "とってあります", "大切")
    assert first.facts[-1] == Fact("いつまで", "11月21日(土)")


def test_who_is_told_of_the_opening_is_said_first() -> None:
    scene = Scene()
    scene.backend.heads = (msgspec.structs.replace(HEADS[1], receipt=True),)
    no = (("notices", "n2"), ("notices.receipt", False), ("notices", BACK))
    scene.play(*scene.begin(), ("home", "notices"), *no, *scene.end())
    assert "ひらくと、読んだことが みほん電力に つたわります。" in scene.screen("notices.receipt").lines  # type: ignore[attr-defined]
    assert "notice" not in scene.backend.log


@pytest.mark.parametrize("code", wire.ActionCode)
def test_each_action_says_what_to_do_and_until_when(code: wire.ActionCode) -> None:
    scene = Scene()
    scene.backend.action = an_action(code)
    scene.play(*scene.begin(), *READ, ("notices.notice", "act"), ("notices.asked", "back"), *AWAY, *scene.end())
    screen = scene.screen("notices.asked")
    assert isinstance(screen, Result)
    assert screen.facts == (Fact("いつまで", "12月1日(火) 午前10時30分"),)
    assert screen.lines


def test_an_application_begins_at_the_notice() -> None:
    scene = Scene()
    scene.backend.action = an_action(wire.ActionCode.APPLY, "move")
    begin = (("notices.notice", "act"), ("notices.asked", "act"), ("move.day", BACK))
    scene.play(*scene.begin(), *READ, *begin, *AWAY, *scene.end())


def test_later_is_marked_and_taken_off_again() -> None:
    scene = Scene()
    later = (("notices.notice", "more"), ("notices.more", "later"))
    scene.play(*scene.begin(), *READ, *later, *later, *AWAY, *scene.end())
    marks = [one.mark for one in scene.backend.requests if isinstance(one, wire.MarkNotice)]
    assert marks == [wire.NoticeMark.LATER, wire.NoticeMark.NONE]


def test_a_text_is_shown_as_text_and_what_cannot_be_shown_is_named() -> None:
    scene = Scene()
    scene.backend.documents = (TEXT, PDF)
    more = ("notices.notice", "more")
    text = (more, ("notices.more", "document 0"), ("notices.document", "back"))
    pdf = (more, ("notices.more", "document 1"), ("notices.not_here", "back"))
    scene.play(*scene.begin(), *READ, *text, *pdf, *AWAY, *scene.end())
    assert scene.screen("notices.document").body == "<b>くわしい</b> 説明 https://mihon.example/"  # type: ignore[attr-defined]
    assert scene.backend.log.count("notice_document") == 1


@pytest.mark.parametrize("answer", [True, False, BACK])
def test_the_family_gets_a_code_only_after_a_yes(answer: object) -> None:
    scene = Scene()
    code = (("notices.code", "back"),) if answer is True else ()
    share = (("notices.notice", "more"), ("notices.more", "share"), ("notices.may_share", answer), *code)
    scene.play(*scene.begin(), *READ, *share, *AWAY, *scene.end())
    assert ("share_notice" in scene.backend.log) is (answer is True)
    if answer is True:
        assert scene.screen("notices.code").title == "番号は 1234 5678"


def test_a_notice_of_the_family_is_read_by_its_code() -> None:
    scene = Scene()
    wrong = (("notices.which", "00000000"), ("notices.wrong_code", "again"))
    read = (("notices.which", "12345678"), ("notices.notice", "back"))
    into, out = (("home", "notices"), ("notices", "shared")), ("notices", BACK)
    scene.play(*scene.begin(), *into, *wrong, *read, out, *scene.end())
    assert [choice.key for choice in scene.screen("notices.notice").actions] == ["back"]  # type: ignore[attr-defined]
    assert scene.screen("home").choices[0].badge == "新着 2", "it counts as nobody's opening"  # type: ignore[attr-defined]
