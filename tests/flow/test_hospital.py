"""Hospital reception: consent with no as the default, four digits, one sentence about the insurance."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.desk import EndReason
from kiosk.screens import Consent, Fact, Problem, Result
from tests.flow.fakes import INSURANCE, FakeCard
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK

NONE: frozenset[str] = frozenset()


def patient(agreed: frozenset[str] = NONE) -> tuple[Scene, list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """A scene, the script to the PIN, and the script from the outcome to the end."""
    scene = Scene.of("hospital")
    begin = [("attract", scene.insert), ("hospital.consent", agreed), ("hospital.pin", "1234")]
    end = [("take_card", scene.remove), ("cleared",)]
    return scene, begin, end


def test_the_common_case_in_three_touches() -> None:
    scene, begin, end = patient()
    assert scene.play(*begin, ("hospital.insurance", "paper"), *end) is EndReason.CHOSEN
    assert scene.card.log == ["certificate", "tries", "certificate", "verify right", "sign"]
    assert scene.backend.log == ["medical_challenge", "eligibility"]


def test_the_answers_fields() -> None:
    scene, begin, end = patient()
    scene.play(*begin, ("hospital.insurance", "paper"), *end)
    screen = scene.screen("hospital.insurance")
    assert isinstance(screen, Result)
    assert screen.title == "保険が使えます"
    assert screen.facts == (
        Fact("お名前", "見本 花子（ミホン ハナコ）"),
        Fact("お支払いの割合", "2割"),
        Fact("保険者", "みどり市（00138057）"),
        Fact("記号・番号", "みどり・1234567（枝番 01）"),
        Fact("区分", "本人"),
        Fact("使える期限", "2027年3月31日"),
        Fact("見せる情報", "見せません"),
    )
    assert screen.lines == ("薬の処方箋は、どちらにしますか？",)
    assert scene.screen("take_card").lines[0] == "受付番号は 12 です"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("agreed", "consent"),
    [
        (NONE, wire.HealthConsent()),
        (frozenset({"medicines"}), wire.HealthConsent(medicines=True)),
        (
            frozenset({"medicines", "treatment", "checkup"}),
            wire.HealthConsent(medicines=True, treatment=True, checkup=True),
        ),
    ],
)
def test_only_what_was_agreed_to_is_sent(agreed: frozenset[str], consent: wire.HealthConsent) -> None:
    scene, begin, end = patient(agreed)
    scene.play(*begin, ("hospital.insurance", "paper"), *end)
    request = scene.backend.requests[-1]
    assert isinstance(request, wire.EligibilityRequest)
    assert request.consent == consent
    assert request.facility == "みほん病院"


def test_nothing_is_sent_before_the_consent_is_answered() -> None:
    scene, *_ = patient()
    scene.play(("attract", scene.insert), ("hospital.consent", BACK), ("take_card", scene.remove), ("cleared",))
    assert scene.backend.log == []
    assert scene.card.log == ["certificate"], "its dates say whether there is anything to consent to"
    screen = scene.screen("hospital.consent")
    assert isinstance(screen, Consent)
    assert [item.key for item in screen.items] == ["medicines", "treatment", "checkup"]


def test_back_from_the_pin_leads_to_the_consent() -> None:
    scene, begin, end = patient()
    scene.play(*begin[:2], ("hospital.pin", BACK), *begin[1:], ("hospital.insurance", "paper"), *end)


@pytest.mark.parametrize(
    ("validity", "section", "title"),
    [
        (wire.Validity.INVALID, "E-11-invalid", "いまの保険は使えません"),
        (wire.Validity.REPLACED, "E-11-replaced", "あたらしい保険があります"),
        (wire.Validity.NONE, "E-11-none", "保険が見つかりません"),
        (wire.Validity.SEVERAL, "E-11-several", "保険が2つあります"),
        (wire.Validity.PROCESSING, "E-11-processing", "保険を、調べています"),
    ],
)
def test_every_other_answer_has_a_sentence_of_its_own(validity: wire.Validity, section: str, title: str) -> None:
    scene, begin, end = patient()
    scene.backend.validity, scene.backend.insurance = validity, None
    scene.play(*begin, (section, "next"), *end)
    screen = scene.screen(section)
    assert isinstance(screen, Problem)
    assert (screen.code, screen.title) == ("E-11", title)


def test_no_answer_is_without_a_sentence() -> None:
    from kiosk.flows.hospital_answer import FACES

    assert set(FACES) | {wire.Validity.VALID, wire.Validity.VALID_MEDICAL_AID} == set(wire.Validity)


def test_medical_aid() -> None:
    scene, begin, end = patient()
    scene.backend.validity = wire.Validity.VALID_MEDICAL_AID
    scene.play(*begin, ("hospital.insurance", BACK), *end)
    assert scene.screen("hospital.insurance").title == "医療扶助で受診できます"


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"partial_contribution_percent": 15}, Fact("お支払いの割合", "15%")),
        ({"valid_to": None}, Fact("使える期限", "期限の定めはありません")),
        ({"personal_family": "2"}, Fact("区分", "家族")),
        ({"insured_card_symbol": "", "insured_branch_number": ""}, Fact("記号・番号", "1234567")),
    ],
)
def test_other_fields(change: dict[str, Any], fact: Fact) -> None:
    scene, begin, end = patient()
    scene.backend.insurance = msgspec.structs.replace(INSURANCE, **change)
    scene.play(*begin, ("hospital.insurance", "paper"), *end)
    assert fact in scene.screen("hospital.insurance").facts  # type: ignore[attr-defined]


def test_a_character_that_cannot_be_shown_is_explained() -> None:
    scene, begin, end = patient()
    scene.backend.insurance = msgspec.structs.replace(INSURANCE, name="見本 ●子")
    scene.play(*begin, ("hospital.insurance", "paper"), *end)
    assert "お名前に、出せない字があります（●）" in scene.screen("hospital.insurance").lines  # type: ignore[attr-defined]


def test_the_line_is_down_and_nobody_pays_in_full_for_it() -> None:
    scene, begin, end = patient()
    scene.backend.faults["medical_challenge"].append(Unreachable())
    scene.play(*begin, ("E-10", "again"), ("hospital.insurance", "paper"), *end)
    assert "10割" in "".join(scene.screen("E-10").lines)  # type: ignore[attr-defined]


def test_a_blocked_pin_sends_to_the_staff_beside_one() -> None:
    scene = Scene.of("hospital")
    scene.card = FakeCard(tries=0)
    scene.play(
        ("attract", scene.insert),
        ("hospital.consent", NONE),
        ("E-05", "over"),
        ("take_card", scene.remove),
        ("cleared",),
    )
    assert "受付の職員に、声をかけてください。" in scene.screen("E-05").lines  # type: ignore[attr-defined]


def test_the_card_lifted_at_the_consent_and_put_back() -> None:
    scene, begin, end = patient()
    scene.play(
        begin[0],
        ("hospital.consent", scene.remove),
        ("card_away", scene.insert),
        *begin[1:],
        ("hospital.insurance", "paper"),
        *end,
    )
