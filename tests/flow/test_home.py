"""Home of My Portal: what it says, and that a failure inside an item leads back to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from backend_client import wire
from backend_client.errors import BackendError, Broken, NotGenuine, TooSlow, Unreachable
from kiosk.desk import EndReason
from kiosk.screens import Menu
from tests.flow.fakes import refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK


def test_what_the_menu_says() -> None:
    scene = Scene()
    scene.play(*scene.begin(), *scene.end())
    home = scene.screen("home")
    assert isinstance(home, Menu)
    assert home.title == "見本 花子さん、こんにちは"
    assert home.subtitle == "前回：11月18日(水) 午前10時12分・このテレビ"
    assert home.corner == "11月21日(土) 10:30"
    assert [(choice.key, choice.badge, choice.digit) for choice in home.choices] == [
        ("notices", "新着 2", None),
        ("access_log", "", None),
        ("papers", "", None),
        ("living", "", None),
        ("partners", "", None),
        ("phone", "", None),
        ("over", "", 0),
    ]


def test_a_group_is_a_page_of_its_own() -> None:
    scene = Scene()
    there_and_back = ("home", "living"), ("living", "care"), ("care.consent", BACK), ("living", BACK)
    scene.play(*scene.begin(), *there_and_back, *scene.end())
    group = scene.screen("living")
    assert isinstance(group, Menu)
    assert [choice.key for choice in group.choices] == ["health", "booking", "care"]


def test_the_counter_offers_what_its_profile_says() -> None:
    scene = Scene.of("counter")
    scene.play(*scene.begin(), *scene.end())
    home = scene.screen("home")
    assert isinstance(home, Menu)
    assert [choice.key for choice in home.choices] == [
        "access_log",
        "card_status",
        "notices",
        "booking",
        "partners",
        "myself",
        "over",
    ]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-18T00:05:00+09:00", "11月18日(水) 午前0時5分"),
        ("2026-11-18T12:05:00+09:00", "11月18日(水) 午後0時5分"),
        ("2026-11-17T16:00:00+00:00", "11月18日(水) 午前1時0分"),
        ("2025-12-31T23:59:59+09:00", "12月31日(水) 午後11時59分"),
    ],
)
def test_when_the_person_was_here_last(at: str, said: str) -> None:
    scene = Scene()
    scene.backend.last_sign_in = wire.LastSignIn(at=datetime.fromisoformat(at), place="市役所の窓口")
    scene.play(*scene.begin(), *scene.end())
    assert scene.screen("home").subtitle == f"前回：{said}・市役所の窓口"  # type: ignore[attr-defined]


def test_no_news_no_badge() -> None:
    scene = Scene()
    scene.backend.heads = ()
    scene.play(*scene.begin(), *scene.end())
    assert scene.screen("home").choices[0].badge == ""  # type: ignore[attr-defined]


def test_back_at_home_asks_first() -> None:
    scene = Scene()
    reason = scene.play(
        *scene.begin(),
        ("home", BACK),
        ("home.end", False),
        ("home", BACK),
        ("home.end", BACK),
        ("home", BACK),
        ("home.end", True),
        ("take_card", scene.remove),
        ("cleared",),
    )
    assert reason is EndReason.CHOSEN


FAILURES: list[tuple[BackendError, str, bool]] = [
    (Unreachable(), "E-10", True),
    (TooSlow(), "E-10", True),
    (Broken(), "E-27", True),
    (refused("fault"), "E-27", True),
    (refused("storage_full"), "E-32", True),
    (refused("something_new"), "E-27", True),
    (refused("not_found"), "E-13", False),
    (NotGenuine(), "E-26", False),
]


@pytest.mark.parametrize(("fault", "code", "again"), FAILURES)
@pytest.mark.parametrize(("item", "asked"), [("notices", "notices"), ("access_log", "record_page")])
def test_a_failure_leads_back_home_and_loses_nothing(
    item: str, asked: str, fault: BackendError, code: str, again: bool
) -> None:
    scene = Scene()
    scene.backend.faults[asked] += [fault] * (2 if again else 1)
    tries = [(code, "again")] if again else []
    scene.play(*scene.begin(), ("home", item), *tries, (code, "back"), ("home", item), (item, BACK), *scene.end())
    assert scene.card.verifies == 1


def test_a_slow_item_can_be_stopped() -> None:
    scene = Scene()
    slow = lambda: setattr(scene.backend, "answer_s", 9.0)  # noqa: E731
    scene.play(*scene.begin(), ("home", slow, "access_log"), ("access_log.loading", BACK), *scene.end())


def test_a_session_that_has_ended_is_opened_again_and_the_item_goes_on() -> None:
    scene = Scene()
    lost = lambda: setattr(scene.backend, "session", False)  # noqa: E731
    scene.play(
        *scene.begin(),
        ("home", lost, "access_log"),
        ("E-30", "again"),
        ("sign_in.pin", "1234"),
        ("access_log", BACK),
        *scene.end(),
    )
    assert scene.card.verifies == 2


@pytest.mark.parametrize("steps", [[("E-30", "back")], [("E-30", "again"), ("sign_in.pin", BACK)]])
def test_or_not(steps: list[tuple[str, object]]) -> None:
    scene = Scene()
    lost = lambda: setattr(scene.backend, "session", False)  # noqa: E731
    scene.play(*scene.begin(), ("home", lost, "access_log"), *steps, *scene.end())


def test_every_profiles_menu_has_its_flows_and_words() -> None:
    from kiosk.flows.home import ITEMS
    from kiosk.visit import ENTRIES
    from stb_profile import profile

    for name in profile.names():
        loaded = profile.load(name)
        assert set(loaded.menu) <= {*ITEMS, *loaded.groups}
        assert {item for group in loaded.groups.values() for item in group} <= set(ITEMS)
        assert loaded.entry in ENTRIES


def test_a_line_that_is_slow_at_the_end_does_not_hold_up_the_next_person() -> None:
    scene = Scene()
    slow = lambda: setattr(scene.backend, "answer_s", 3600.0)  # noqa: E731
    scene.profile = replace(scene.profile, farewell_s=8)
    scene.play(*scene.begin(), ("home", slow, "over"), ("take_card", scene.remove), ("cleared",))
    assert scene.backend.log[-1] == "sign_out"
    assert scene.took_s < 60
