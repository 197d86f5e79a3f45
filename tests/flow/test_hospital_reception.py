"""A hospital with staff: three touches, face and card compared, and every trouble with a page and a way on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend_client import wire
from backend_client.errors import Broken, NotGenuine, TooSlow, Unreachable
from kiosk.desk import EndReason
from kiosk.reception.visit import Paper, State
from kiosk.screens import PinEntry, Problem
from tests.flow.fakes import FakeCard, refused
from tests.flow.front_desk import STAFF, STRANGER, FrontOffice, print_of
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY

NONE: frozenset[str] = frozenset()
Script = list[tuple[Any, ...]]


def patient(tries: int = 3) -> tuple[Scene, FrontOffice, Script, Script]:
    office = FrontOffice()
    scene = Scene.of("hospital", office=office)
    scene.card = FakeCard(tries=tries)
    scene.backend.cards = [scene.card, scene.other]
    begin: Script = [("attract", scene.insert), ("hospital.consent", NONE)]
    end: Script = [("take_card", scene.remove), ("cleared",)]
    return scene, office, begin, end


def test_three_touches_beside_the_digits() -> None:
    scene, office, begin, end = patient()
    scene.play(
        *begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "electronic"), *end
    )
    shown = [screen for screen in scene.stage.seen if screen.name.startswith("hospital") and screen.name in asked()]
    assert len([screen for screen in shown if not isinstance(screen, PinEntry)]) == 3
    (handed,) = office.handed_over
    assert (handed.state, handed.paper) == (State.OVER, Paper.ELECTRONIC)
    assert office.papers[0][1][0] == "受付番号は 12 です"
    assert office.reception.counts == {"visits": 1, "valid": 1}


def asked() -> set[str]:
    """Screens that a person answers."""
    return {"hospital.consent", "hospital.identity", "hospital.pin", "hospital.insurance"}


def test_by_sight_with_the_staff_members_own_card() -> None:
    scene, office, begin, end = patient(tries=0)
    scene.play(*begin, ("hospital.identity", "sight"), ("hospital.insurance", "paper"), *end)
    assert scene.card.log == ["certificate", "certificate", "sign"]
    (handed,) = office.handed_over
    assert handed.approval is not None
    assert handed.approval.staff == "受付 1"
    assert office.reception.counts["approved"] == 1


def test_a_card_without_a_pin_is_led_to_the_staff() -> None:
    scene, _, begin, end = patient(tries=0)
    scene.play(*begin, ("hospital.identity", "pin"), ("E-05", "sight"), ("hospital.insurance", "paper"), *end)


def test_the_pin_is_blocked_by_the_third_wrong_one() -> None:
    scene, _, begin, end = patient(tries=1)
    scene.play(
        *begin,
        *(("hospital.identity", "pin"), ("E-04", True), ("hospital.pin", "9999"), ("E-05", "sight")),
        ("hospital.insurance", "paper"),
        *end,
    )


def test_neither_a_stranger_nor_the_patient_approves() -> None:
    scene, office, begin, end = patient()
    office.cards.clear()
    office.cards.extend([STRANGER, print_of("hanako"), STAFF])
    scene.play(*begin, ("hospital.identity", "sight"), ("hospital.insurance", "paper"), *end)
    assert not office.cards
    assert office.reception.counts["approved"] == 1


def test_staff_say_no_and_the_patient_goes_on_alone() -> None:
    scene, office, begin, end = patient()
    office.cards.clear()
    office.cards.append(lambda: office.reception.settle(1))
    scene.play(
        *(*begin, ("hospital.identity", "sight"), ("hospital.identity", "pin"), ("hospital.pin", "1234")),
        *(("hospital.insurance", "paper"), *end),
    )
    assert "approved" not in office.reception.counts


def test_an_approval_is_for_one_question() -> None:
    scene, office, begin, end = patient()
    office.cards.append(STAFF)
    scene.backend.faults["eligibility"].append(Unreachable())
    scene.play(*begin, ("hospital.identity", "sight"), ("E-10", "again"), ("hospital.insurance", "paper"), *end)
    assert office.reception.counts["approved"] == 2


def test_a_card_that_does_not_know_the_terminal() -> None:
    scene, office, begin, end = patient()
    office.knows_terminal = False
    office.cards.append(STAFF)
    scene.play(
        *(*begin, ("hospital.identity", "sight"), ("E-01", "back"), ("hospital.identity", "pin")),
        *(("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )


def test_help_at_the_desk_and_the_patient_goes_on() -> None:
    scene, office, begin, end = patient()
    seen: list[State] = []
    scene.play(
        *begin,
        ("hospital.identity", "help"),
        ("hospital.staff_come", lambda: seen.append(office.reception.state(1)), "next"),
        *(("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )
    assert seen == [State.CALLS]


def test_no_paper_and_the_number_is_to_be_remembered() -> None:
    scene, office, begin, end = patient()
    office.has_printer = False
    scene.play(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end)
    assert "番号を、おぼえてください。" in scene.screen("take_card").lines  # type: ignore[attr-defined]


TROUBLES: dict[str, tuple[Callable[[], Exception], str]] = {
    "line": (Unreachable, "E-10"),
    "slow": (TooSlow, "E-10"),
    "insurers": (lambda: refused("peer_unavailable"), "E-10-insurers"),
    "broken": (Broken, "E-27"),
    "false": (NotGenuine, "E-26"),
    "expired": (lambda: refused("certificate_expired"), "E-06"),
    "revoked": (lambda: refused("certificate_revoked"), "E-07"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_statement_where_the_patient_is_not_the_cause(trouble: str) -> None:
    fault, section = TROUBLES[trouble]
    scene, office, begin, end = patient()
    scene.backend.faults["eligibility"].append(fault())
    scene.play(
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), (section, "form")),
        *(("hospital.born", "19460211"), ("hospital.form_done", "next"), *end),
    )
    ((name, lines),) = office.papers
    assert name == "statement"
    assert {"生年月日：1946年02月11日", "医療機関：みほん病院", "日付：2026年11月21日"} <= set(lines)
    told = scene.screen(section)
    assert isinstance(told, Problem)
    assert "10割)の お支払いになります" not in "".join(told.lines)
    assert office.handed_over[0].answer is None


def test_the_line_is_back() -> None:
    scene, office, begin, end = patient()
    scene.backend.faults["medical_challenge"].append(Unreachable())
    scene.play(
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("E-10", "again")),
        *(("hospital.insurance", "paper"), *end),
    )
    assert office.reception.counts == {"visits": 1, "unanswered": 1, "valid": 1}


@pytest.mark.parametrize("validity", [wire.Validity.NONE, wire.Validity.PROCESSING])
def test_a_statement_where_nothing_is_registered_yet(validity: wire.Validity) -> None:
    scene, office, begin, end = patient()
    scene.backend.validity, scene.backend.insurance = validity, None
    section = f"E-11-{validity.name.lower()}"
    scene.play(
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), (section, "form")),
        *(("hospital.born", BACK), *end),
    )
    assert [name for name, _ in office.papers] == ["slip"]


@pytest.mark.parametrize("screen", ["hospital.identity", "hospital.pin", "hospital.insurance"])
def test_the_card_is_pulled_at_every_step(screen: str) -> None:
    scene, office, begin, _ = patient()
    script = [*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper")]
    until = [name for name, *_ in script].index(screen)
    reason = scene.play(*script[:until], (screen, scene.remove), ("card_away",), ("cleared",))
    assert reason is EndReason.CARD_TAKEN
    assert office.reception.state(1) is State.OVER
    assert office.papers == []


def test_two_patients_one_after_the_other() -> None:
    """What the first was told is on no screen and no paper of the second."""
    first, office, begin, end = patient()
    first.play(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end)
    second = Scene.of("hospital", office=office)
    second.backend.validity, second.backend.insurance = wire.Validity.SEVERAL, None
    second.play(
        *(("attract", lambda: second.readers.insert(second.other)), ("hospital.consent", NONE)),
        *(("hospital.identity", "pin"), ("hospital.pin", "1234"), ("E-11-several", "next")),
        *(("take_card", second.remove), ("cleared",)),
    )
    assert "花子" not in "".join(map(str, (screen.title for screen in second.stage.seen)))
    assert office.handed_over[1].answer is not None
    assert office.handed_over[1].answer.insurance is None
    assert "花子" not in "".join(line for _, lines in office.papers for line in lines)


@pytest.mark.parametrize(
    ("why", "reason"), [("forgotten", "カードを わすれたため"), ("broken", "カードが 読めないため")]
)
def test_nobody_is_sent_away_without_a_card(why: str, reason: str) -> None:
    scene, office, begin, end = patient()
    scene.play(
        *(("attract", KEY), ("hospital.cardless", why), (f"hospital.{why}", "form"), ("hospital.born", "19460211")),
        ("hospital.form_done", "next"),
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )
    assert [name for name, _ in office.papers] == ["statement", "slip"]
    assert f"理由：{reason}" in office.papers[0][1]
    assert "全額(10割)の お支払いには なりません。" in scene.screen(f"hospital.{why}").body  # type: ignore[attr-defined]
    assert office.reception.counts == {"visits": 1, "valid": 1}


def test_a_card_that_is_found_after_all_goes_on_at_once() -> None:
    scene, _, begin, end = patient()
    scene.play(
        ("attract", KEY),
        ("hospital.cardless", "place"),
        ("place_card", BACK),
        ("hospital.cardless", "forgotten"),
        ("hospital.forgotten", scene.insert),
        *(begin[1], ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )
