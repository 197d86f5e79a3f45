"""From the answer about a card to the file in `face`."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client import wire
from kiosk.handover.brought import brought
from kiosk.handover.kana import half_width
from kiosk.handover.shapes import Message
from tests.flow.fakes import INSURANCE
from tests.handover.office import NOW, Office

GOLDEN = Path(__file__).parent / "golden"
FACILITY = "9910000001"
ANSWER = wire.Eligibility(
    validity=wire.Validity.VALID,
    insurance=INSURANCE,
    consent=wire.HealthConsent(medicines=True),
    consent_ends_at=datetime(2026, 11, 22, 0, 0, 3, tzinfo=UTC),
    reception_number="12",
)


async def test_the_file_that_a_card_brings(office: Office) -> None:
    name = await office.exchange.push("20261121-12", brought(ANSWER, FACILITY, "1", NOW))
    assert (office.face / name).read_bytes() == (GOLDEN / "brought.xml").read_bytes()
    (body,) = office_answer(office, name).bodies
    (result,) = body["results"]
    assert (body["validity"], body["prescription"]) == ("1", "1")
    assert (result["medicines"], result["medicines_at"], result["medicines_until"]) == (
        "1",
        "20261121090003",
        "20261122090003",
    )
    assert (result["treatment"], result["checkup"]) == ("0", "0")
    assert (result["kana"], result["ratio"]) == ("ﾐﾎﾝ ﾊﾅｺ", "020")


def office_answer(office: Office, name: str) -> Message:
    (office.face / name).rename(office.res / name)
    return office.answer(name)


@pytest.mark.parametrize("validity", list(wire.Validity))
async def test_every_answer_can_be_handed_over(office: Office, validity: wire.Validity) -> None:
    good = validity in (wire.Validity.VALID, wire.Validity.VALID_MEDICAL_AID)
    answer = msgspec.structs.replace(ANSWER, validity=validity, insurance=INSURANCE if good else None)
    message = office_answer(office, await office.exchange.push("1", brought(answer, FACILITY, "", NOW)))
    processing = validity is wire.Validity.PROCESSING
    assert message.header["segment"] == ("2" if processing else "1")
    assert message.bodies[0].get("validity") == (None if processing else validity.value)
    assert ("results" in message.bodies[0]) is good
    assert "prescription" not in message.bodies[0]


async def test_an_insurer_of_six_digits_is_padded(office: Office) -> None:
    short = msgspec.structs.replace(INSURANCE, insurer_number="990010")
    answer = msgspec.structs.replace(ANSWER, insurance=short)
    message = office_answer(office, await office.exchange.push("1", brought(answer, FACILITY, "2", NOW)))
    assert message.bodies[0]["results"][0]["insurer"] == "  990010"


@given(st.text(st.sampled_from("アイヴガパー・ッャ゛ 　ABCぁん"), max_size=20))
def test_readings_become_half_width_and_stay_readings(reading: str) -> None:
    half = half_width(reading)
    assert all(one < "\x7f" or "｡" <= one <= "ﾟ" or one == "●" for one in half)
    as_katakana = "".join(chr(ord(one) + 0x60) if "ぁ" <= one <= "ゔ" else one for one in reading)
    if "゛" not in reading:
        assert unicodedata.normalize("NFKC", half) == unicodedata.normalize("NFKC", as_katakana)


def test_what_has_no_half_width_form_is_a_dot() -> None:
    assert half_width("見ヰ") == "●●"


LIMIT = wire.CostLimit(
    kind="01", classification="B02", issued=date(2026, 8, 1), valid_from=date(2026, 8, 1), valid_to=date(2027, 7, 31)
)
DISEASES = (
    wire.SpecialDisease(category="1", issued=date(2024, 4, 10), valid_from=date(2024, 4, 1), self_pay=10_000),
    wire.SpecialDisease(category="3", issued=date(2025, 4, 10), valid_from=date(2025, 4, 1), self_pay=20_000),
)


async def test_limits_and_special_diseases_are_handed_over(office: Office) -> None:
    answer = msgspec.structs.replace(ANSWER, limit=LIMIT, diseases=DISEASES)
    name = await office.exchange.push("20261121-12", brought(answer, FACILITY, "1", NOW))
    assert (office.face / name).read_bytes() == (GOLDEN / "brought_limit.xml").read_bytes()
    (body,) = office_answer(office, name).bodies
    (result,) = body["results"]
    assert result["limit_consent"] == result["disease_consent"] == "1"
    (limit,) = result["limit"]
    assert (limit["class"], limit["until"]) == ("B02", "20270731")
    assert [(one["category"], one["self_pay"]) for one in result["diseases"]] == [("1", "10000"), ("3", "20000")]


def test_what_was_not_told_leaves_no_trace() -> None:
    (body,) = brought(ANSWER, FACILITY, "1", NOW).bodies
    (result,) = body["results"]
    assert not {"limit", "limit_consent", "diseases", "disease_consent"} & result.keys()
