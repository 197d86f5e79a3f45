"""Paying at the hospital: the card finds its bill; one yes, one charge; a receipt, or words about what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from backend_client.errors import Unreachable
from kiosk.desk import Due, EndReason, Unsettled
from kiosk.reception import shown
from kiosk.reception.visit import Paid
from kiosk.screens import Confirm, Menu, Result
from tests.flow.fake_till import FakeTill
from tests.flow.fakes import refused
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import WORDS, Scene
from tests.flow.scripted_stage import BACK

NONE: frozenset[str] = frozenset()
Script = list[tuple[Any, ...]]


def patient(amount: int = 1200, office: FrontOffice | None = None) -> tuple[Scene, FakeTill, Script, Script]:
    scene = Scene.of("hospital", office=office)
    scene.till = FakeTill(scene.card, Due("bill-1", amount))
    return scene, scene.till, [("attract", scene.insert)], [("take_card", scene.remove), ("cleared",)]


def test_one_yes_and_one_charge() -> None:
    scene, till, begin, end = patient()
    assert scene.play(*begin, ("paying.sure", True), ("paying.paid", "done"), *end) is EndReason.CHOSEN
    assert till.charged == [(1200, False)]
    assert till.bill is None, "the receipt was given"
    assert scene.card.log == ["certificate"], "no PIN"
    sure, paid = scene.screen("paying.sure"), scene.screen("paying.paid")
    assert isinstance(sure, Confirm)
    assert sure.title == "1,200円を 払いますか？"
    assert "****0001" in sure.lines[0]
    assert isinstance(paid, Menu)
    assert paid.subtitle == "領収書は どうしますか？"


@pytest.mark.parametrize("answer", [False, BACK])
def test_no_is_no(answer: object) -> None:
    scene, till, begin, end = patient()
    scene.play(*begin, ("paying.sure", answer), *end)
    assert till.charged == []
    assert till.bill is not None
    assert "会計の窓口で、お支払いください。" in scene.screen("take_card").lines  # type: ignore[attr-defined]


def test_above_the_limit_four_digits() -> None:
    scene, till, begin, end = patient(10_001)
    scene.play(*begin, ("paying.sure", True), ("paying.pin", "1234"), ("paying.paid", "done"), *end)
    assert till.charged == [(10_001, True)]
    assert scene.card.log == ["certificate", "tries", "certificate", "verify right", "sign"]


def test_back_from_the_digits_leads_to_the_question() -> None:
    scene, till, begin, end = patient(10_001)
    scene.play(*begin, ("paying.sure", True), ("paying.pin", BACK), ("paying.sure", False), *end)
    assert till.charged == []


def test_a_card_without_an_account() -> None:
    scene, till, begin, end = patient()
    till.registered = False
    scene.play(*begin, ("paying.not_registered", "done"), *end)
    screen = scene.screen("paying.not_registered")
    assert isinstance(screen, Result)
    assert screen.title == "会計の窓口で、1,200円を お支払いください"
    assert till.charged == []


@pytest.mark.parametrize("fault", [Unreachable(), refused("peer_unavailable"), None])
def test_nothing_was_taken_and_it_is_said(fault: Exception | None) -> None:
    scene, till, begin, end = patient()
    if fault is None:
        till.declines = 1
    else:
        till.faults.append(fault)
    scene.play(*begin, ("paying.sure", True), ("E-14", "again"), ("paying.sure", True), ("paying.paid", "done"), *end)
    assert scene.screen("E-14").lines[0] == "お金は 引かれていません。"  # type: ignore[attr-defined]
    assert till.charged == [(1200, False)]


def test_at_the_desk_after_all() -> None:
    scene, till, begin, end = patient()
    till.declines = 1
    scene.play(*begin, ("paying.sure", True), ("E-14", "over"), *end)
    assert till.charged == []
    assert "会計の窓口で、お支払いください。" in scene.screen("take_card").lines  # type: ignore[attr-defined]


def test_nobody_can_know_now() -> None:
    scene, till, begin, end = patient()
    till.faults.append(Unsettled())
    scene.play(*begin, ("paying.sure", True), ("E-14-unsure", "over"), *end)
    assert "2回" in scene.screen("E-14-unsure").lines[0]  # type: ignore[attr-defined]
    assert "会計の窓口で、お支払いください。" not in scene.screen("take_card").lines  # type: ignore[attr-defined]


def test_a_receipt_that_waits_from_before_a_power_cut() -> None:
    scene, till, begin, end = patient()
    till.bill = Due("bill-1", 1200, "k", "0123456789ABCDEF")
    scene.play(*begin, ("paying.paid", "done"), *end)
    assert till.charged == []
    assert till.bill is None


def test_the_receipt_on_paper() -> None:
    office = FrontOffice()
    scene, _, begin, end = patient(office=office)
    scene.play(*begin, ("paying.sure", True), ("paying.paid", "paper"), ("paying.paid", "done"), *end)
    ((name, lines),) = office.papers
    assert name == "receipt"
    assert lines[:2] == ("領収書　みほん病院", "金額  1,200円")
    assert "0123456789ABCDEF" in lines[-1]


@pytest.mark.parametrize("has_box", [True, False])
def test_the_receipt_into_the_post_box(has_box: bool) -> None:
    scene, till, begin, end = patient()
    till.has_box = has_box
    no_box: Script = [] if has_box else [("paying.no_box", "done")]
    scene.play(*begin, ("paying.sure", True), ("paying.paid", "box"), *no_box, ("paying.paid", "done"), *end)
    assert till.posted == ["みほん病院"]
    menu = scene.screen("paying.paid")
    assert isinstance(menu, Menu)
    details = {choice.key: choice.detail for choice in menu.choices}
    assert (details["box"] == "入れました") is has_box


def test_the_staff_see_who_has_paid() -> None:
    office = FrontOffice()
    scene, _, begin, end = patient(office=office)
    scene.play(*begin, ("paying.sure", True), ("paying.paid", "done"), *end)
    (visit,) = office.reception.visits
    assert visit.paid == Paid(1200, "0123456789ABCDEF", "")
    office.reception.refunded("0123456789ABCDEF")
    (visit,) = office.reception.visits
    assert visit.paid is not None
    assert visit.paid.refunded
    assert ["お支払い", "1,200円　返しました"] in shown.facts(visit, WORDS, None)


def test_no_paper_and_it_is_said() -> None:
    scene, till, begin, end = patient(office=FrontOffice(has_printer=False))
    scene.play(
        *begin,
        *(("paying.sure", True), ("paying.paid", "paper"), ("paying.no_paper", "done"), ("paying.paid", "done")),
        *end,
    )
    assert till.bill is None


def test_whoever_goes_without_the_receipt_finds_it_later() -> None:
    scene, till, begin, _ = patient()
    scene.play(*begin, ("paying.sure", True), ("paying.paid", scene.remove), ("card_away",), ("cleared",))
    assert till.bill is not None
    assert till.bill.receipt


def test_somebody_elses_bill_is_not_shown() -> None:
    scene, till, begin, end = patient()
    till.card_of = scene.other
    scene.play(*begin, ("hospital.consent", BACK), *end)
    assert not [screen for screen in scene.stage.seen if screen.name in ("paying.sure", "paying.paid")]


def test_the_reception_remembers_whose_number_it_was() -> None:
    scene, till, begin, end = patient()
    till.bill = None
    scene.play(*begin, ("hospital.consent", NONE), ("hospital.pin", "1234"), ("hospital.insurance", "electronic"), *end)
    assert till.remembered == [(scene.card.certificate, "12")]
