"""わたしの情報: asked of all holders at once, each told as it comes, taken home or not, and then gone."""

from __future__ import annotations

import gc
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from backend_client.errors import Broken, Unreachable
from backend_client.own_information import OwnInformation
from kiosk import words
from kiosk.flows.own_information_screens import Told
from kiosk.screens import Detail, ItemList, Result, Working
from kiosk.stage_private import hidden, texts
from kiosk.words import is_private
from tests.flow.fake_own import CARE, PENSION
from tests.flow.fakes import refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK
from tests.flow.test_phone import FakePhone

WORDS = words.load()
ASK = (("home", "own_information"), ("own_information.start", True))
LEAVE = ("own_information", BACK)


def a_scene() -> Scene:
    return Scene.of("stb", menu=("own_information", "notices"), groups={})


def played(*script: tuple[object, ...], scene: Scene | None = None) -> Scene:
    scene = scene or a_scene()
    scene.play(*scene.begin(), *ASK, *script, *scene.end())
    return scene


def listed(scene: Scene) -> dict[str, tuple[str, str]]:
    """The last list: badge and age."""
    screen = scene.screen("own_information")
    assert isinstance(screen, ItemList)
    return {row.key: (row.badge, row.below) for row in screen.rows}


def asked(scene: Scene) -> list[str]:
    return [what for what in scene.backend.log if what.startswith("own ")]


def test_each_holder_says_what_it_has_and_how_old_that_is() -> None:
    told = listed(played(LEAVE))
    assert told["own-pension"] == ("届きました", "2026年10月15日の 情報です")
    assert told["own-address"] == ("窓口で", "")
    assert told["own-child"] == ("ありません", "")
    assert "hand" in told
    assert "retry" not in told


def test_the_holders_are_asked_at_once_and_told_one_by_one() -> None:
    scene = a_scene()
    scene.backend.own.slow_s = {"own-pension": 1.0, "own-care": 2.0}
    played(LEAVE, scene=scene)
    seen = [screen for screen in scene.stage.seen if isinstance(screen, Working) and screen.facts]
    here = [[fact.value for fact in screen.facts].count("届きました") for screen in seen]
    assert (here[0], here[-2], here[-1]) == (0, 4, 5)
    assert len(asked(scene)) == len(scene.backend.own.holders)
    assert {fact.value for screen in seen for fact in screen.facts} == {"聞いています…", "届きました"}


def test_one_is_read_in_whole() -> None:
    scene = played(("own_information", "own-care"), ("own_information.one", "back"), LEAVE)
    screen = scene.screen("own_information.one")
    assert isinstance(screen, Detail)
    assert (screen.title, screen.subtitle) == ("介護の情報", "みどり市 介護保険課から")
    assert [(fact.label, fact.value) for fact in screen.facts] == [
        ("要介護度", "要介護2"),
        ("認定の期限", "2028年3月31日"),
    ]


def test_no_automatic_answer_sends_to_the_counter_without_a_reason() -> None:
    scene = played(("own_information", "own-address"), ("own_information.withheld", "back"), LEAVE)
    screen = scene.screen("own_information.withheld")
    assert isinstance(screen, Detail)
    assert screen.summary == ("この情報は、窓口で お答えします。", "カードを持って、窓口で お聞きください。")


def test_a_holder_with_nothing_says_so() -> None:
    scene = played(("own_information", "own-child"), ("own_information.nothing", "back"), LEAVE)
    screen = scene.screen("own_information.nothing")
    assert isinstance(screen, Detail)
    assert (screen.title, screen.summary[0]) == ("児童手当の情報", "あなたの この情報は、ここには ありません。")


@pytest.mark.parametrize(
    ("fault", "line", "code"),
    [
        (Unreachable(), "みほん年金機構に、いま つながりません。", "E-10"),
        (refused("peer_unavailable"), "みほん年金機構に、いま つながりません。", "E-10"),
        (Broken(), "みほん年金機構の 答えを 受け取れませんでした。", "E-27"),
    ],
)
def test_one_that_failed_is_named_and_asked_again_alone(fault: Exception, line: str, code: str) -> None:
    scene = a_scene()
    scene.backend.faults["own own-pension"].append(fault)
    played(("own_information", "own-pension"), ("own_information.unanswered", "retry"), LEAVE, scene=scene)
    screen = scene.screen("own_information.unanswered")
    assert isinstance(screen, Result)
    assert (screen.lines[0], screen.facts[0].value) == (line, code)
    assert asked(scene)[len(scene.backend.own.holders) :] == ["own own-pension"]
    assert listed(scene)["own-pension"][0] == "届きました"


def test_all_that_failed_are_asked_again_and_no_others() -> None:
    scene = a_scene()
    for law in ("own-pension", "own-care"):
        scene.backend.faults[f"own {law}"].append(Unreachable())
    played(("own_information", "retry"), LEAVE, scene=scene)
    assert set(asked(scene)[len(scene.backend.own.holders) :]) == {"own own-pension", "own own-care"}


def test_whoever_stops_waiting_sees_what_has_come() -> None:
    scene = a_scene()
    scene.backend.own.slow_s = {"own-care": 60.0}
    played(("own_information.asking",), ("own_information.asking", BACK), LEAVE, scene=scene)
    told = listed(scene)
    assert (told["own-care"][0], told["own-pension"][0]) == ("聞くのを やめました", "届きました")


def test_when_the_session_is_over_the_person_signs_in_again() -> None:
    scene = a_scene()
    scene.backend.faults["own own-care"].append(refused("session_unknown"))
    again = (("E-30", "again"), ("sign_in.pin", "1234"), ("own_information.start", False))
    scene.play(*scene.begin(), *ASK, *again, *scene.end())


@pytest.mark.parametrize(
    "way", [[("own_information", "hand")], [("own_information", "own-care"), ("own_information.one", "hand")]]
)
def test_printed_and_then_gone_from_here(way: list[tuple[object, ...]]) -> None:
    scene = played(
        *way,
        ("own_information.sure", True),
        ("taking_home", "print"),
        ("taking_home.done", "back"),
        ("own_information.cleared", "back"),
    )
    (pdf,) = scene.tray.printed
    assert PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"] == 1
    assert scene.screen("own_information.sure").title == "2つの情報を 持って帰りますか"


def test_to_a_phone_and_then_gone_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.visit.Companion", FakePhone)
    monkeypatch.setattr(FakePhone, "faults", [], raising=False)
    played(
        ("own_information", "hand"),
        ("own_information.sure", True),
        ("taking_home", "phone"),
        ("phone.alone", True),
        ("phone.take",),
        ("own_information.cleared", "back"),
    )
    (text,) = FakePhone.last.handed
    assert text.splitlines()[:5] == [
        *("わたしの情報　2026年11月21日", "", "年金の情報（みほん年金機構）", "2026年10月15日の 情報です"),
        "基礎年金番号　9900-000001",
    ]
    assert text.endswith("要介護度　要介護2\n認定の期限　2028年3月31日")


@pytest.mark.parametrize(
    "second_thoughts",
    [
        (("own_information.sure", False),),
        (("own_information.sure", BACK),),
        (("own_information.sure", True), ("taking_home", BACK)),
        (("own_information.sure", True), ("taking_home", "phone"), ("phone.alone", False)),
    ],
)
def test_not_handed_over_it_stays_in_sight(second_thoughts: tuple[tuple[object, ...], ...]) -> None:
    scene = played(("own_information", "hand"), *second_thoughts, LEAVE)
    assert scene.tray.printed == []
    assert "own-pension" in listed(scene)


def test_nothing_is_left_after_the_visit() -> None:
    """Screens are the test's own to forget; beside them nothing holds an answer, and the kept of the visit neither."""
    others = _answers()
    scene = played(("own_information", "own-pension"), ("own_information.one", "back"), LEAVE)
    scene.stage.seen.clear()
    scene.backend.requests.clear()
    gc.collect()
    assert [one for one in _answers() if not any(one is other for other in others)] == []


def _answers() -> list[Told | OwnInformation]:
    """All that are in memory. Another test's may be among them."""
    return [one for one in gc.get_objects() if isinstance(one, Told | OwnInformation)]


def test_while_others_look_on_nothing_tells_what_there_is() -> None:
    scene = played(
        ("own_information", "own-pension"),
        ("own_information.one", "back"),
        ("own_information", "own-child"),
        ("own_information.nothing", "back"),
        ("own_information", "own-address"),
        ("own_information.withheld", "back"),
        LEAVE,
    )
    values = (
        *PENSION.values(),
        CARE["要介護度"],
        "2028年",
        "2026年10月15日",
        "ここには ありません",
        "窓口で",
        "届きました",
    )
    for name in ("own_information", "own_information.one", "own_information.nothing", "own_information.withheld"):
        screen = scene.screen(name)
        assert any(map(is_private, texts(screen)))
        said = " ".join(texts(hidden(screen, WORDS)))
        assert not [value for value in values if value in said], name
    veiled = hidden(scene.screen("own_information"), WORDS)
    assert isinstance(veiled, ItemList)
    assert {row.badge for row in veiled.rows if row.key != "hand"} == {"（かくしています）"}
