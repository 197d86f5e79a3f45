"""だれが見た？: sentences, never raw rows, with the six items behind each."""

from __future__ import annotations

from kiosk.screens import Detail, Fact, ItemList
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
        ("access_log.doubt", BACK),
        ("access_log.record", "doubt"),
        ("access_log.doubt", "back"),
        ("access_log.record", BACK),
        ("access_log", BACK),
        *scene.end(),
    )
    screen = scene.screen("access_log.doubt")
    assert isinstance(screen, Detail)
    assert screen.facts == (Fact("番号", "26B1-8C42-0002"),)


def test_nothing_happened() -> None:
    scene = Scene()
    scene.backend.told = ()
    scene.play(*scene.begin(), ("home", "access_log"), ("access_log", BACK), *scene.end())
    screen = scene.screen("access_log")
    assert isinstance(screen, ItemList)
    assert (screen.rows, screen.empty) == ((), "あなたの情報のやりとりは、ありませんでした。")
