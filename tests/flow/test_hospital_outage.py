"""The card within its grace period, a statement to be confirmed later, and the way without a card in a disaster."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend_client import wire
from backend_client.errors import NotGenuine, Unreachable
from kiosk.screens import Detail, Menu, Result
from tests.flow.certificates import certificate_of
from tests.flow.fakes import FakeCard, refused
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY
from tests.flow.test_hospital_reception import NONE, patient

EXPIRED = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = "2027-02-28"


def in_grace() -> Scene:
    scene = Scene.of("hospital", office=FrontOffice())
    scene.card = FakeCard()
    scene.card.certificate = certificate_of("hanako", EXPIRED)
    scene.backend.cards = [scene.card, scene.other]
    scene.backend.grace_until = UNTIL
    return scene


# --- the grace period ------------------------------------------------------------------------------------------------


def test_no_consent_is_asked_within_the_grace_period() -> None:
    scene = in_grace()
    scene.play(
        *(("attract", scene.insert), ("hospital.identity", "pin"), ("hospital.pin", "1234")),
        *(("hospital.grace", "next"), ("hospital.insurance", "paper"), ("take_card", scene.remove), ("cleared",)),
    )
    asked = scene.backend.requests[-1]
    assert isinstance(asked, wire.EligibilityRequest)
    assert asked.consent == wire.HealthConsent()
    told = scene.screen("hospital.grace")
    assert isinstance(told, Result)
    assert told.title == "今日は、このカードで保険が使えます"
    assert "2027年2月28日までに、" in told.lines
    assert "市区町村の窓口で 更新してください。" in told.lines
    assert scene.office is not None
    (handed,) = scene.office.handed_over
    assert handed.answer is not None
    assert handed.answer.grace_until == UNTIL


def test_back_leads_on_to_the_number() -> None:
    scene = in_grace()
    scene.play(
        *(("attract", scene.insert), ("hospital.identity", "pin"), ("hospital.pin", "1234")),
        *(("hospital.grace", BACK), ("hospital.insurance", "paper"), ("take_card", scene.remove), ("cleared",)),
    )


def test_after_the_grace_period_there_is_the_page_of_an_expired_card() -> None:
    scene = in_grace()
    scene.backend.faults["eligibility"].append(refused("certificate_expired"))
    scene.play(
        *(("attract", scene.insert), ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("E-06", "over")),
        *(("take_card", scene.remove), ("cleared",)),
    )


def test_an_insurance_that_cannot_be_used_is_told_without_the_grace_period() -> None:
    scene = in_grace()
    scene.backend.validity, scene.backend.insurance = wire.Validity.SEVERAL, None
    scene.play(
        *(("attract", scene.insert), ("hospital.identity", "pin"), ("hospital.pin", "1234")),
        *(("E-11-several", "next"), ("take_card", scene.remove), ("cleared",)),
    )


# --- a statement, confirmed later ------------------------------------------------------------------------------------


def test_a_statement_because_of_the_line_waits_to_be_confirmed() -> None:
    scene, office, begin, end = patient()
    scene.backend.faults["eligibility"].append(Unreachable())
    scene.play(
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("E-10", "form")),
        *(("hospital.born", "19460211"), ("hospital.form_done", "next"), *end),
    )
    visit = office.reception.visit(1)
    assert visit.waits
    assert visit.statement is not None
    assert (visit.statement.serial, visit.statement.day.isoformat()) == ("1", "2026-11-21")
    assert "19460211" not in str([getattr(visit.statement, name) for name in visit.statement.__slots__])


@pytest.mark.parametrize("given_up", ["no form", "back"])
def test_without_a_statement_nothing_waits(given_up: str) -> None:
    scene, office, begin, end = patient()
    scene.backend.faults["eligibility"].append(Unreachable())
    rest = (("E-10", "over"),) if given_up == "no form" else (("E-10", "form"), ("hospital.born", BACK))
    scene.play(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), *rest, *end)
    assert office.reception.visit(1).statement is None


def test_a_statement_for_another_reason_does_not_wait() -> None:
    scene, office, begin, end = patient()
    scene.backend.faults["eligibility"].append(NotGenuine())
    scene.play(
        *(*begin, ("hospital.identity", "pin"), ("hospital.pin", "1234"), ("E-26", "form")),
        *(("hospital.born", "19460211"), ("hospital.form_done", "next"), *end),
    )
    assert office.reception.visit(1).statement is None


# --- in a disaster ---------------------------------------------------------------------------------------------------


def test_in_a_disaster_the_way_without_a_card_is_told() -> None:
    scene, office, begin, end = patient()
    office.disaster = True
    scene.play(
        *(("attract", KEY), ("hospital.cardless", "disaster"), ("hospital.disaster", "back")),
        *(("hospital.cardless", scene.insert), ("hospital.consent", NONE), ("hospital.identity", "pin")),
        *(("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )
    told = scene.screen("hospital.disaster")
    assert isinstance(told, Detail)
    assert "記録にのこります" in told.body
    assert begin


def test_without_a_disaster_nobody_is_told_of_one() -> None:
    scene, _, _, end = patient()
    scene.play(
        *(("attract", KEY), ("hospital.cardless", scene.insert), ("hospital.consent", NONE)),
        *(("hospital.identity", "pin"), ("hospital.pin", "1234"), ("hospital.insurance", "paper"), *end),
    )
    menu = scene.screen("hospital.cardless")
    assert isinstance(menu, Menu)
    assert [choice.key for choice in menu.choices] == ["place", "forgotten", "broken"]
