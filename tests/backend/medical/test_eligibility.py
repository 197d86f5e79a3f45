"""From a card on the hospital's desk to the answer, through every body involved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import START, Card, Clock
from medical_kit import HOSPITAL, NOTHING, ask, challenge, eligibility

from backend_client import wire
from backend_stub.town import body_folder

CardOf = Callable[..., Card]


def kept(data: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(body_folder(data, "medical") / "medical.db")
    found = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    connection.close()
    return found


@pytest.mark.usefixtures("insured_town")
async def test_the_insurance_can_be_used(people: httpx.AsyncClient, card: CardOf) -> None:
    answer = await eligibility(people, card("adult"))
    assert answer.validity is wire.Validity.VALID
    assert answer.insurance is not None
    assert answer.insurance.name == "見本 花子"
    assert answer.insurance.name_kana == "ミホン ハナコ"
    assert answer.insurance.insurer_name == "みほん県後期高齢者医療広域連合"
    assert answer.insurance.partial_contribution_percent == 20
    assert answer.insurance.personal_family == "1"
    assert answer.insurance.valid_to is None


@pytest.mark.usefixtures("insured_town")
async def test_the_insurance_has_ended(people: httpx.AsyncClient, card: CardOf) -> None:
    answer = await eligibility(people, card("first"))
    assert (answer.validity, answer.insurance) == (wire.Validity.INVALID, None)


async def test_nobody_knows_of_an_insurance(people: httpx.AsyncClient, card: CardOf) -> None:
    answer = await eligibility(people, card("adult"))
    assert (answer.validity, answer.insurance) == (wire.Validity.NONE, None)


@pytest.mark.usefixtures("insured_town")
@pytest.mark.parametrize(
    ("resident", "validity"),
    [
        ("long-name", wire.Validity.SEVERAL),
        ("old", wire.Validity.PROCESSING),
        ("renewed", wire.Validity.REPLACED),
        ("no-pin", wire.Validity.VALID_MEDICAL_AID),
    ],
)
async def test_every_other_answer_has_somebody_in_the_town(
    people: httpx.AsyncClient, card: CardOf, resident: str, validity: wire.Validity
) -> None:
    assert (await eligibility(people, card(resident))).validity is validity


@pytest.mark.usefixtures("insured_town")
async def test_consent_is_kept_for_a_day_and_none_is_none(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, data: Path
) -> None:
    hanako = card("adult")
    silent = await eligibility(people, hanako)
    assert (silent.consent, silent.consent_ends_at) == (NOTHING, None)
    assert kept(data, "consents") == []
    given = wire.HealthConsent(medicines=True)
    answer = await eligibility(people, hanako, given)
    assert (answer.consent, answer.consent_ends_at) == (given, START + timedelta(hours=24))
    clock.turn(hours=1)
    later = await eligibility(people, hanako, wire.HealthConsent(checkup=True))
    assert later.consent_ends_at == START + timedelta(hours=25)
    assert [row[-3:] for row in kept(data, "consents")] == [(1, 0, 0), (0, 0, 1)]


@pytest.mark.usefixtures("insured_town")
async def test_reception_numbers_count_by_facility_and_japanese_day(
    people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    hanako, taro = card("adult"), card("first")
    assert (await eligibility(people, hanako)).reception_number == "1"
    assert (await eligibility(people, taro)).reception_number == "2"
    assert (await eligibility(people, hanako, facility="べつの薬局")).reception_number == "1"
    clock.turn(hours=14, minutes=59)  # 23:59 in Japan
    assert (await eligibility(people, hanako)).reception_number == "3"
    clock.turn(minutes=1)
    assert (await eligibility(people, hanako)).reception_number == "1"


@pytest.mark.parametrize(
    ("resident", "status", "code"),
    [
        ("not-yet", 403, "certificate_not_yet_valid"),
        ("revoked", 403, "certificate_revoked"),
        ("wrong-policy", 403, "certificate_policy"),
    ],
)
async def test_a_certificate_out_of_order_is_named(
    people: httpx.AsyncClient, card: CardOf, data: Path, resident: str, status: int, code: str
) -> None:
    answer = await ask(people, card(resident))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert kept(data, "receptions") == []


async def test_a_challenge_is_good_once_and_not_for_long(people: httpx.AsyncClient, card: CardOf, clock: Clock) -> None:
    hanako, nonce = card("adult"), await challenge(people)
    request = wire.EligibilityRequest(nonce=nonce, token=hanako.token(nonce), facility=HOSPITAL, consent=NOTHING)
    content = msgspec.json.encode(request)
    assert (await people.post("/medical/eligibility", content=content)).status_code == 200
    again = await people.post("/medical/eligibility", content=content)
    assert (again.status_code, again.json()["code"]) == (409, "challenge_unknown")
    stale = await challenge(people)
    clock.turn(minutes=6)
    late = msgspec.structs.replace(request, nonce=stale, token=hanako.token(stale))
    answer = await people.post("/medical/eligibility", content=msgspec.json.encode(late))
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_stale")


async def test_a_portal_challenge_is_none_of_medicals(people: httpx.AsyncClient, card: CardOf) -> None:
    nonce = msgspec.json.decode((await people.post("/portal/challenges")).content, type=wire.Challenge).nonce
    request = wire.EligibilityRequest(nonce=nonce, token=card("adult").token(nonce), facility=HOSPITAL, consent=NOTHING)
    answer = await people.post("/medical/eligibility", content=msgspec.json.encode(request))
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_unknown")


@pytest.mark.parametrize("facility", ["", "あ" * 101])
async def test_the_facility_has_a_name_of_reasonable_length(
    people: httpx.AsyncClient, card: CardOf, facility: str
) -> None:
    answer = await ask(people, card("adult"), facility=facility)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_token_for_another_place_is_refused(people: httpx.AsyncClient, card: CardOf) -> None:
    nonce = await challenge(people)
    request = wire.EligibilityRequest(
        nonce=nonce,
        token=card("adult").token(nonce, "https://evil.example"),
        facility=HOSPITAL,
        consent=NOTHING,
    )
    answer = await people.post("/medical/eligibility", content=msgspec.json.encode(request))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


@pytest.mark.usefixtures("insured_town")
async def test_neither_serial_nor_address_is_kept(people: httpx.AsyncClient, card: CardOf, data: Path) -> None:
    hanako = card("adult")
    await eligibility(people, hanako)
    content = b"".join(path.read_bytes() for path in body_folder(data, "medical").rglob("*") if path.is_file())
    assert "見本 花子".encode() in content
    assert hanako.serial.encode() not in content
    assert "見本町".encode() not in content
