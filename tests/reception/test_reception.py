"""Visits in order, approval by sight for one question, and nothing that stays."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client import wire
from kiosk.reception.reception import APPROVAL_TERM, NotOnDuty, OutOfOrder, Reception
from kiosk.reception.visit import Paper, State, Visit
from tests.flow.fakes import INSURANCE

NOW = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)
PATIENT, STAFF = "1001", "2001"
VALID = wire.Eligibility(
    validity=wire.Validity.VALID,
    insurance=INSURANCE,
    consent=wire.HealthConsent(),
    consent_ends_at=None,
    reception_number="12",
)
DOTTED = msgspec.structs.replace(INSURANCE, name="見本 ●子")


@pytest.fixture
def reception() -> Reception:
    return Reception({STAFF: "受付 1"})


def visit_of(reception: Reception, number: int) -> Visit:
    return next(visit for visit in reception.visits if visit.id == number)


def answered(reception: Reception, answer: wire.Eligibility = VALID) -> int:
    visit = reception.begin(NOW)
    reception.asking(visit, NOW, by_sight=False)
    reception.answered(visit, answer)
    return visit


def test_the_common_case(reception: Reception) -> None:
    visit = answered(reception)
    reception.choose(visit, Paper.ELECTRONIC)
    seen = visit_of(reception, visit)
    assert (seen.state, seen.name, seen.paper) == (State.ANSWERED, "見本 花子", Paper.ELECTRONIC)
    reception.over(visit)
    reception.forget(visit)
    assert reception.visits == ()
    assert reception.counts == {"visits": 1, "valid": 1}


@pytest.mark.parametrize("validity", [v for v in wire.Validity if v.name not in ("VALID", "VALID_MEDICAL_AID")])
def test_every_other_answer_calls_for_the_reception(reception: Reception, validity: wire.Validity) -> None:
    first = answered(reception)
    second = answered(reception, msgspec.structs.replace(VALID, validity=validity, insurance=None))
    assert visit_of(reception, second).state is State.LOOK_HERE
    assert [visit.id for visit in reception.visits] == [second, first], "who needs somebody stands first"


def test_a_dot_calls_for_the_reception_and_is_shown_right(reception: Reception) -> None:
    visit = answered(reception, msgspec.structs.replace(VALID, insurance=DOTTED))
    seen = visit_of(reception, visit)
    assert (seen.state, [one.reading for one in seen.hidden]) == (State.LOOK_HERE, ["ハナコ"])
    with pytest.raises(OutOfOrder):
        reception.show_as(visit, "例示 春子")
    reception.show_as(visit, "見本 華子")
    seen = visit_of(reception, visit)
    assert seen.name == "見本 華子"
    assert seen.answer is not None
    assert seen.answer.insurance == DOTTED, "what is handed over stays as it came"


def test_the_practices_record_of_another_person(reception: Reception) -> None:
    seen = visit_of(reception, answered(reception))
    assert seen.fits("見本花子", INSURANCE.birth_date)
    assert not seen.fits("見本花子", INSURANCE.birth_date - timedelta(days=1))
    assert not seen.fits("例示春子", INSURANCE.birth_date)


def test_by_sight_is_for_one_question(reception: Reception) -> None:
    visit = reception.begin(NOW)
    with pytest.raises(OutOfOrder):
        reception.asking(visit, NOW, by_sight=True)
    reception.call(visit)
    with pytest.raises(OutOfOrder):
        reception.asking(visit, NOW, by_sight=True)
    reception.approve(visit, STAFF, PATIENT, NOW)
    reception.asking(visit, NOW + APPROVAL_TERM, by_sight=True)
    reception.answered(visit, VALID)
    with pytest.raises(OutOfOrder):
        reception.asking(visit, NOW, by_sight=True)
    other = reception.begin(NOW)
    with pytest.raises(OutOfOrder):
        reception.asking(other, NOW, by_sight=True)


@pytest.mark.parametrize("late", [APPROVAL_TERM + timedelta(seconds=1), -timedelta(days=1)])
def test_an_approval_does_not_last(reception: Reception, late: timedelta) -> None:
    visit = reception.begin(NOW)
    reception.call(visit)
    reception.approve(visit, STAFF, PATIENT, NOW)
    with pytest.raises(OutOfOrder):
        reception.asking(visit, NOW + late, by_sight=True)
    reception.call(visit)
    reception.approve(visit, STAFF, PATIENT, NOW + late)
    reception.asking(visit, NOW + late, by_sight=True)


@pytest.mark.parametrize(("staff", "patient"), [("9999", PATIENT), (PATIENT, PATIENT), (STAFF, STAFF)])
def test_only_somebody_on_duty_approves_and_nobody_themselves(reception: Reception, staff: str, patient: str) -> None:
    visit = reception.begin(NOW)
    reception.call(visit)
    with pytest.raises(NotOnDuty):
        reception.approve(visit, staff, patient, NOW)
    assert visit_of(reception, visit).state is State.CALLS


def test_a_failed_question_leaves_no_approval(reception: Reception) -> None:
    visit = reception.begin(NOW)
    reception.call(visit)
    reception.approve(visit, STAFF, PATIENT, NOW)
    reception.asking(visit, NOW, by_sight=True)
    reception.unanswered(visit)
    assert (visit_of(reception, visit).state, visit_of(reception, visit).approval) == (State.HERE, None)


def test_nobody_is_forgotten_while_here(reception: Reception) -> None:
    visit = answered(reception)
    with pytest.raises(OutOfOrder):
        reception.forget(visit)
    with pytest.raises(OutOfOrder):
        reception.forget(visit + 1)


def test_nothing_of_a_visit_stays_in_memory(reception: Reception) -> None:
    others = _visits()
    name = "".join(["見本 ", "覚えない子"])
    visit = answered(reception, msgspec.structs.replace(VALID, insurance=msgspec.structs.replace(INSURANCE, name=name)))
    reception.annotate(visit, "耳が遠い")
    assert "覚えない" not in repr(visit_of(reception, visit))
    reception.over(visit)
    reception.forget(visit)
    gc.collect()
    assert not [one for one in _visits() if not any(one is other for other in others)]
    assert not [r for r in gc.get_referrers(name) if isinstance(r, wire.Insurance | Visit)]


def _visits() -> list[Visit]:
    """All that are in memory. Another test's may be among them."""
    return [one for one in gc.get_objects() if isinstance(one, Visit)]


def test_the_day_ends_with_counts_alone(reception: Reception) -> None:
    answered(reception)
    reception.begin(NOW)
    assert reception.end_day() == {"visits": 2, "valid": 1}
    assert (reception.visits, reception.counts, reception.begin(NOW)) == ((), {}, 1)


def test_a_note_is_corrected(reception: Reception) -> None:
    visit = reception.begin(NOW)
    reception.annotate(visit, "x" * 300)
    assert len(visit_of(reception, visit).note) == 200
    reception.annotate(visit, "")
    assert visit_of(reception, visit).note == ""


def test_every_change_is_told() -> None:
    told: list[int] = []
    reception = Reception({}, lambda: told.append(1))
    answered(reception)
    assert len(told) == 3


DEEDS = st.sampled_from(["call", "approve", "sight", "ask", "answer", "fail", "choose", "over", "forget"])


@given(st.lists(st.tuples(st.integers(1, 2), DEEDS), max_size=30))
def test_two_patients_in_any_order(deeds: list[tuple[int, str]]) -> None:
    """Answers stay with who asked; by sight is never asked without an approval since the last question."""
    reception = Reception({STAFF: "受付 1"})
    answers = {n: msgspec.structs.replace(VALID, reception_number=str(n)) for n in (1, 2)}
    approved = dict.fromkeys(answers, False)
    for _ in answers:
        reception.begin(NOW)
    ways = {
        "call": lambda n: reception.call(n),
        "approve": lambda n: reception.approve(n, STAFF, PATIENT, NOW),
        "sight": lambda n: reception.asking(n, NOW, by_sight=True),
        "ask": lambda n: reception.asking(n, NOW, by_sight=False),
        "answer": lambda n: reception.answered(n, answers[n]),
        "fail": lambda n: reception.unanswered(n),
        "choose": lambda n: reception.choose(n, Paper.PAPER),
        "over": lambda n: reception.over(n),
        "forget": lambda n: reception.forget(n),
    }
    for number, deed in deeds:
        try:
            ways[deed](number)
        except OutOfOrder:
            continue
        assert deed != "sight" or approved[number]
        if deed in ("approve", "sight", "ask"):
            approved[number] = deed == "approve"
    for visit in reception.visits:
        assert visit.answer in (None, answers[visit.id])
