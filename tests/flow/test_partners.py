"""つながる会社: item by item, default no, once more before it counts; the list, what was looked at, the end."""

from __future__ import annotations

from typing import Any

import pytest

from backend_client.wire import PartnerField
from kiosk.screens import Confirm, Consent, Detail, Digits, ItemList, Result
from kiosk.words import plain
from tests.flow.fake_partners import CHECK, NUMBER
from tests.flow.fakes import refused
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

HOME = ("partners", BACK)


def entered(*script: tuple[Any, ...]) -> Scene:
    scene = Scene.of("stb", menu=("partners",))
    scene.play(*scene.begin(), ("home", "partners"), *script, HOME, *scene.end())
    return scene


def to_consent() -> list[tuple[Any, ...]]:
    return [("partners", "connect"), ("partners.number", NUMBER)]


def test_one_of_six_and_the_digits_for_the_page() -> None:
    agreed = frozenset({"alive"})
    scene = entered(*to_consent(), ("partners.consent", agreed), ("partners.sure", True), ("partners.check", "done"))
    assert scene.backend.partners.answers == [(PartnerField.ALIVE,)]
    consent, sure, check = (scene.screen(f"partners.{name}") for name in ("consent", "sure", "check"))
    assert isinstance(consent, Consent)
    assert "みほん生命" in consent.title
    assert "2026年12月21日" in consent.lead
    assert isinstance(sure, Confirm)
    assert sure.lines[0] == "えらんだ1つを 見せます。"
    assert isinstance(check, Result)
    assert plain(check.title) == f"番号は {CHECK} です"


def test_nothing_chosen_is_a_no_that_is_told() -> None:
    scene = entered(*to_consent(), ("partners.consent", frozenset()), ("partners.refused", "done"))
    assert scene.backend.partners.answers == [()]


def test_second_thoughts_and_going_back_tell_nobody_anything() -> None:
    agreed = frozenset({"alive"})
    scene = entered(
        *to_consent(), ("partners.consent", agreed), ("partners.sure", False),
        *to_consent(), ("partners.consent", agreed), ("partners.sure", BACK),
        *to_consent(), ("partners.consent", BACK),
        ("partners", "connect"), ("partners.number", BACK),
    )  # fmt: skip
    assert scene.backend.partners.answers == []


def test_a_wrong_number_is_said_and_typed_again() -> None:
    scene = entered(
        ("partners", "connect"), ("partners.number", "999999"), ("partners.number", NUMBER), ("partners.consent", BACK)
    )
    first, second = (s for s in scene.stage.seen if isinstance(s, Digits))
    assert first.hint != second.hint
    assert (first.length_min, first.length_max) == (6, 6)


@pytest.mark.logs("refused")
def test_too_many_wrong_numbers_are_a_problem_that_leads_back() -> None:
    scene = Scene.of("stb", menu=("partners",))
    scene.backend.faults["partners numbers"].append(refused("not_possible"))
    scene.play(
        *scene.begin(), ("home", "partners"), ("partners", "connect"), ("partners.number", NUMBER), ("E-13", "back"),
        HOME, *scene.end()
    )  # fmt: skip


def test_the_list_what_was_looked_at_and_the_end() -> None:
    scene = entered(
        ("partners", "connected"),
        ("partners.list", "two"), ("partners.one", "reads"), ("partners.reads", "back"), ("partners.one", "back"),
        ("partners.list", "one"), ("partners.one", "reads"), ("partners.reads", "back"),
        ("partners.one", "end"), ("partners.end", False),
        ("partners.one", "end"), ("partners.end", True), ("partners.ended", "done"),
        ("partners.list", BACK),
    )  # fmt: skip
    lists = [screen for screen in scene.stage.seen if isinstance(screen, ItemList)]
    assert [len(screen.rows) for screen in lists] == [2, 2, 1]
    reads = scene.screen("partners.reads")
    assert isinstance(reads, Detail)
    assert [(fact.label, fact.value) for fact in reads.facts] == [("11月18日(水) 午前3時0分", "元気でいること")]
    assert reads.body == ""


def test_nobody_is_in() -> None:
    scene = Scene.of("counter", menu=("partners",))
    scene.backend.partners.consents = ()
    scene.play(
        *scene.begin(), ("home", "partners"), ("partners", "connected"), ("partners.list", BACK), HOME, *scene.end()
    )
