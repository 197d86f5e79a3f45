"""だれが見た？: sentences, never raw rows, with the six items behind each."""

from __future__ import annotations

import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from backend_client.proof import read_evidence
from kiosk.screens import Detail, Fact, ItemList, Mark, Result
from kiosk.words import is_private
from tests.flow.fake_medical import LOOK
from tests.flow.fakes import NOON
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

FACTS = (
    Fact("いつ", "2026年11月18日 10:12"),
    Fact("だれが", "みどり市 国保年金課"),
    Fact("どこから", "みどり税務署"),
    Fact("なにを", "所得の情報"),
    Fact("根拠", "番号法 別表 の事務"),
    Fact("番号", "26B1-8C42-0008"),
)


def test_each_exchange_is_a_sentence_with_its_reason() -> None:
    scene = Scene()
    scene.play(*scene.begin(), ("home", "access_log"), ("access_log", BACK), *scene.end())
    screen = scene.screen("access_log")
    assert isinstance(screen, ItemList)
    assert screen.corner == "2件"
    row = screen.rows[0]
    assert row.title == "みどり市 国保年金課 が、みどり税務署の持つ あなたの所得の情報を受け取りました。"
    assert (row.above, row.below) == ("11月18日(水)", "わけ：保険料を計算するため")
    assert row.facts == FACTS


def test_one_record_in_detail() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "access_log"),
        ("access_log", "0"),
        ("access_log.record", "back"),
        ("access_log", BACK),
        *scene.end(),
    )
    screen = scene.screen("access_log.record")
    assert isinstance(screen, Detail)
    assert screen.facts == FACTS
    assert screen.summary[1] == "わけ：保険料を計算するため"


def test_who_to_ask_when_something_seems_wrong() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(),
        ("home", "access_log"),
        ("access_log", "1"),
        ("access_log.record", "doubt"),
        ("record_case.question", False),
        ("access_log.record", "doubt"),
        ("record_case.question", BACK),
        ("access_log.record", "doubt"),
        ("record_case.question", True),
        ("record_case.done", "back"),
        ("access_log.record", "back"),
        ("access_log", BACK),
        *scene.end(),
    )
    assert [case.transaction_number for case in scene.backend.doubted] == ["26B1-8C42-0002"]
    record, listed = scene.screen("access_log.record"), scene.screen("access_log")
    assert isinstance(record, Detail)
    assert [action.key for action in record.actions] == ["back", "check"]
    assert record.facts[:2] == (Fact("たのんだ日", "2026年11月21日"), Fact("いま", "しらべています"))
    assert isinstance(listed, ItemList)
    assert [row.badge for row in listed.rows[:2]] == ["", "しらべ中"]


def test_the_commissions_answer_is_at_its_record() -> None:
    scene = Scene()
    answer = "みどり市に たしかめました。"
    scene.backend.doubted = (
        wire.Case(id="c", transaction_number="26B1-8C42-0008", opened_at=NOON, answer=answer, answered_at=NOON),
    )
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "0"), ("access_log.record", BACK), ("access_log", BACK),
        *scene.end(),
    )  # fmt: skip
    screen = scene.screen("access_log.record")
    assert isinstance(screen, Detail)
    assert screen.facts[2] == Fact("答え", answer)
    assert is_private(screen.facts[2].value)


def test_what_a_hospital_did_is_asked_about_at_the_office() -> None:
    scene = Scene()
    scene.backend.medical.told = (LOOK,)
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "0"), ("access_log.record", "doubt"),
        ("access_log.doubt", "back"), ("access_log.record", BACK), ("access_log", BACK), *scene.end(),
    )  # fmt: skip
    screen, record = scene.screen("access_log.doubt"), scene.screen("access_log.record")
    assert isinstance(screen, Detail)
    assert screen.facts == (Fact("番号", LOOK.record.transaction_number),)
    assert isinstance(record, Detail)
    assert [action.key for action in record.actions] == ["back", "doubt"]


@pytest.mark.parametrize(
    ("forged", "apart", "name", "mark"),
    [
        (False, False, "record_proof.good", Mark.GOOD),
        (True, False, "record_proof.bad", Mark.BAD),
        (False, True, "record_proof.bad", Mark.BAD),
    ],
)
def test_a_record_is_checked_here_and_taken_home_on_a_stick(forged: bool, apart: bool, name: str, mark: Mark) -> None:
    scene = Scene()
    scene.backend.log_of_gateway.forged, scene.backend.log_of_gateway.apart = forged, apart
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "0"), ("access_log.record", "check"), (name, "hand"),
        ("taking_home", "stick"), ("taking_home.done", "back"), (name, "back"), ("access_log.record", BACK),
        ("access_log", BACK), *scene.end(),
    )  # fmt: skip
    shown = scene.screen(name)
    assert isinstance(shown, Result)
    assert shown.mark is mark
    ((name, file),) = scene.tray.kept.items()
    assert name == "26B1-8C42-0008.json"
    assert isinstance(read_evidence(file), wire.ProvenRecord)


def test_a_stick_that_is_gone_is_told() -> None:
    scene = Scene()
    scene.tray.jams = 1
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "0"), ("access_log.record", "check"),
        ("record_proof.good", "hand"), ("taking_home", "stick"), ("E-16", "back"),
        ("record_proof.good", "back"), ("access_log.record", BACK), ("access_log", BACK), *scene.end(),
    )  # fmt: skip


def test_page_by_page_and_back() -> None:
    scene = Scene()
    scene.backend.page_size = 1
    scene.backend.medical.told = (LOOK,)
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "older"), ("access_log", BACK), ("access_log", "older"),
        ("access_log", BACK), ("access_log", BACK), *scene.end(),
    )  # fmt: skip
    pages = [screen for screen in scene.stage.seen if screen.name == "access_log" and isinstance(screen, ItemList)]
    shown = [[row.key for row in page.rows] for page in pages[:2]]
    numbers = [fact.value for page in pages[:2] for row in page.rows for fact in row.facts if fact.label == "番号"]
    assert shown[0][-2:] == ["older", "choose"]
    assert shown[1][-1] == "choose"
    assert sorted(numbers) == sorted(["26B1-8C42-0008", "26B1-8C42-0002", LOOK.record.transaction_number])
    assert pages[1].corner in ("2〜2件目", "3〜3件目", "2〜3件目")


def test_by_month_and_by_who_looked() -> None:
    scene = Scene()
    scene.play(
        *scene.begin(), ("home", "access_log"), ("access_log", "choose"), ("access_log.choose", "months"),
        ("access_log.months", "2026-11"), ("access_log", "choose"), ("access_log.choose", "agencies"),
        ("access_log.agencies", "midori-city"), ("access_log", BACK), ("access_log", "choose"),
        ("access_log.choose", "everything"), ("access_log", "choose"), ("access_log.choose", BACK),
        ("access_log", BACK), *scene.end(),
    )  # fmt: skip
    titles = [screen.title for screen in scene.stage.seen if screen.name == "access_log"]
    assert titles[1] == "だれが見た？ — 2026年11月"
    assert titles[2] == "だれが見た？ — みどり市 国保年金課"
    assert titles[3] == "だれが見た？"


def test_nothing_happened() -> None:
    scene = Scene()
    scene.backend.told = ()
    scene.play(*scene.begin(), ("home", "access_log"), ("access_log", BACK), *scene.end())
    screen = scene.screen("access_log")
    assert isinstance(screen, ItemList)
    assert (screen.rows, screen.empty) == ((), "あなたの情報のやりとりは、ありませんでした。")


def test_what_hospitals_did_is_among_it_newest_first() -> None:
    scene = Scene()
    scene.backend.medical.told = (LOOK,)
    scene.play(*scene.begin(), ("home", "access_log"), ("access_log", BACK), *scene.end())
    screen = scene.screen("access_log")
    assert isinstance(screen, ItemList)
    assert screen.corner == "3件"
    assert screen.rows[0].title == LOOK.sentence
    assert screen.rows[0].below == "わけ：受診のため"


def test_a_list_without_the_hospitals_part_says_so() -> None:
    scene = Scene()
    scene.backend.medical.fault = Unreachable()
    scene.play(*scene.begin(), ("home", "access_log"), ("access_log", BACK), *scene.end())
    screen = scene.screen("access_log")
    assert isinstance(screen, ItemList)
    assert screen.corner == "2件（病院の記録は、いま出せません）"
