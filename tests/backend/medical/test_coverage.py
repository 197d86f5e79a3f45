from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.wire import Validity
from backend_stub.medical.coverage import Coverage, judge, read_insured
from backend_stub.people import load_residents

TODAY = date(2026, 11, 21)
DAY = timedelta(days=1)


def coverage(valid_from: date, valid_to: date | None = None, *, medical_aid: bool = False) -> Coverage:
    return Coverage(
        insurer_number="39990015",
        insurer_name="みほん県後期高齢者医療広域連合",
        insured_identification_number="01234567",
        partial_contribution_percent=20,
        valid_from=valid_from,
        valid_to=valid_to,
        medical_aid=medical_aid,
    )


NOW, ENDED, COMING = coverage(TODAY - DAY), coverage(TODAY - 9 * DAY, TODAY - DAY), coverage(TODAY + DAY)
AID = coverage(TODAY - DAY, medical_aid=True)
PENDING = msgspec.structs.replace(NOW, pending=True)


@pytest.mark.parametrize(
    ("coverages", "validity", "counts"),
    [
        ((NOW,), Validity.VALID, NOW),
        ((ENDED, NOW), Validity.VALID, NOW),
        ((NOW, COMING), Validity.VALID, NOW),
        ((ENDED,), Validity.INVALID, None),
        ((ENDED, COMING), Validity.REPLACED, None),
        ((), Validity.NONE, None),
        ((NOW, AID), Validity.SEVERAL, None),
        ((AID,), Validity.VALID_MEDICAL_AID, AID),
        ((ENDED, PENDING), Validity.PROCESSING, None),
        ((PENDING, NOW), Validity.PROCESSING, None),
    ],
)
def test_each_value_of_the_answer(coverages: tuple[Coverage, ...], validity: Validity, counts: Coverage | None) -> None:
    assert judge(coverages, TODAY) == (validity, counts)


@pytest.mark.parametrize(("day", "covered"), [(-1, False), (0, True), (3, True), (4, False)])
def test_first_and_last_day_count(day: int, covered: bool) -> None:
    assert coverage(TODAY, TODAY + 3 * DAY).covers(TODAY + day * DAY) is covered


@given(st.lists(st.sampled_from([NOW, ENDED, COMING, AID, PENDING]), max_size=5))
def test_a_coverage_is_given_exactly_when_it_can_be_used(coverages: list[Coverage]) -> None:
    validity, counts = judge(tuple(coverages), TODAY)
    assert (counts is not None) == (validity in (Validity.VALID, Validity.VALID_MEDICAL_AID))
    assert counts is None or counts.covers(TODAY)


def insurer_check_digit(digits: str) -> str:
    """The last digit of a 保険者番号: products with 2, 1, 2, … from the right, their digits added."""
    products = (int(digit) * (2, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def test_the_data_file_is_in_order() -> None:
    known = {resident.id for resident in load_residents()}
    insured = {entry.resident: entry.coverages for entry in read_insured()}
    assert insured.keys() <= known
    for entry in (c for coverages in insured.values() for c in coverages):
        number = entry.insurer_number
        assert number[-1] == insurer_check_digit(number[:-1])
        assert number[-6:-4] == "99", "no real insurer has this prefecture code"
    assert judge(insured["adult"], TODAY)[0] is Validity.VALID
    assert insured["adult"][0].partial_contribution_percent == 20
    assert judge(insured["first"], TODAY)[0] is Validity.INVALID


def test_a_misspelt_field_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "insurance.toml"
    file.write_text('[[insured]]\nresident = "adult"\ncoverage = []\n', "utf-8")
    with pytest.raises(msgspec.ValidationError):
        read_insured(file)
