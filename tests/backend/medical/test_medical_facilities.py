"""What facilities see and do: information as consented, prescriptions once, and the person reads it all."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Card, Clock, Machine, Visitor
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from medical_kit import HOSPITAL, NOTHING, eligibility

from backend_client import wire
from backend_client.wire import HealthKind
from backend_stub.body import Refusal
from backend_stub.medical.doctors import Doctors
from backend_stub.practices import Practice
from backend_stub.town import Town, body_folder

CardOf = Callable[..., Card]
PHARMACY = "みほん薬局"
ALL = wire.HealthConsent(medicines=True, treatment=True, checkup=True)
PILL = wire.Medicine(name="みほん降圧錠 5mg", ingredient="mihon-kouatsu", usage="朝食のあと 1錠", days=28)
SYRUP = wire.Medicine(name="みほん咳シロップ", ingredient="mihon-seki", usage="1日3回", days=5)


@pytest.fixture
def hospital(insured_town: Town) -> Practice:
    return insured_town.practices["mihon-hospital"]


@pytest.fixture
def pharmacy(insured_town: Town) -> Practice:
    return insured_town.practices["mihon-pharmacy"]


async def received(
    people: httpx.AsyncClient, card: Card, consent: wire.HealthConsent = NOTHING, facility: str = HOSPITAL
) -> wire.Visit:
    answer = await eligibility(people, card, consent, facility)
    return wire.Visit(day=date(2026, 11, 21), reception_number=answer.reception_number)


@pytest.mark.parametrize(
    ("consent", "given"),
    [
        (NOTHING, ()),
        (wire.HealthConsent(treatment=True), (HealthKind.TREATMENT,)),
        (ALL, tuple(HealthKind)),
    ],
)
async def test_only_what_was_consented_to_is_given(
    hospital: Practice,
    people: httpx.AsyncClient,
    card: CardOf,
    consent: wire.HealthConsent,
    given: tuple[HealthKind, ...],
) -> None:
    visit = await received(people, card("adult"), consent)
    look = await hospital.look(visit, *HealthKind)
    assert look.given == given
    assert {*look.withheld, *given} == set(HealthKind)
    assert {entry.kind for entry in look.entries} == set(given)


async def test_what_was_not_asked_for_is_not_given(hospital: Practice, people: httpx.AsyncClient, card: CardOf) -> None:
    look = await hospital.look(await received(people, card("adult"), ALL), HealthKind.CHECKUP)
    assert [entry.what for entry in look.entries] == ["血圧 148/86、血糖 104"]


async def test_a_consent_ends_after_a_day(
    hospital: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    visit = await received(people, card("adult"), ALL)
    clock.turn(hours=24, seconds=-1)
    assert (await hospital.look(visit, HealthKind.MEDICINES)).entries
    clock.turn(seconds=1)
    assert (await hospital.look(visit, HealthKind.MEDICINES)).withheld == (HealthKind.MEDICINES,)


async def test_a_later_no_takes_the_consent_back(
    hospital: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    hanako = card("adult")
    await received(people, hanako, ALL)
    clock.turn(hours=1)
    visit = await received(people, hanako)
    assert (await hospital.look(visit, HealthKind.MEDICINES)).entries == ()


async def test_a_consent_is_to_one_facility(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf
) -> None:
    visit = await received(people, card("adult"), ALL)
    with pytest.raises(Refusal, match="not_found"):
        await pharmacy.look(visit, HealthKind.MEDICINES)
    there = await received(people, card("adult", "again"), facility=PHARMACY)
    assert (await pharmacy.look(there, HealthKind.MEDICINES)).withheld == (HealthKind.MEDICINES,)


async def test_only_a_facility_looks(insured_town: Town, people: httpx.AsyncClient, machine: Machine) -> None:
    visit = wire.Visit(day=date(2026, 11, 21), reception_number="1")
    content = msgspec.json.encode(wire.LookRequest(visit=visit, kinds=(HealthKind.CHECKUP,)))
    assert (await people.post("/medical/looks", content=content)).status_code == 401
    assert (await machine("midori-city").post("/medical/looks", content=content)).status_code == 401


async def test_a_prescription_from_the_doctor_to_the_hand(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    hanako = card("adult")
    registered = await hospital.prescribe(await received(people, hanako), PILL, SYRUP)
    assert registered.last_day == date(2026, 11, 24)
    by_card = await pharmacy.waiting(visit=await received(people, hanako, ALL, PHARMACY))
    by_number = await pharmacy.waiting(exchange_number=registered.exchange_number)
    assert by_card == by_number
    (found,) = by_card.prescriptions
    assert found.prescription == registered.prescription
    done = await pharmacy.dispense(found.prescription, "slip-1")
    clock.turn(minutes=1)
    assert await pharmacy.dispense(found.prescription, "slip-1") == done, "its answer was lost on the way"
    with pytest.raises(Refusal, match="not_possible"):
        await pharmacy.dispense(found.prescription, "slip-2")
    assert (await pharmacy.waiting(exchange_number=registered.exchange_number)).prescriptions == ()
    again = wire.Visit(day=date(2026, 11, 21), reception_number="1")
    handed_out = [entry.what for entry in (await pharmacy.look(again, HealthKind.MEDICINES)).entries]
    assert handed_out[:2] == [PILL.name, SYRUP.name]


async def test_of_two_pharmacies_at_once_one_dispenses(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf
) -> None:
    registered = await hospital.prescribe(await received(people, card("adult")), PILL)
    tries = [place.dispense(registered.prescription, f"slip-{n}") for n in range(8) for place in (hospital, pharmacy)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, wire.Dispensed) for outcome in outcomes) == 1
    assert {o.code for o in outcomes if isinstance(o, Refusal)} == {"not_possible"}


async def test_a_prescription_waits_four_days(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    registered = await hospital.prescribe(await received(people, card("adult")), PILL)
    clock.turn(days=3, hours=14, minutes=59)  # the fourth day, one minute to midnight in Japan
    assert (await pharmacy.waiting(exchange_number=registered.exchange_number)).prescriptions
    clock.turn(minutes=1)
    assert not (await pharmacy.waiting(exchange_number=registered.exchange_number)).prescriptions
    with pytest.raises(Refusal, match="not_possible"):
        await pharmacy.dispense(registered.prescription, "slip-1")


async def test_double_medication_is_told_and_where_only_with_consent(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    hanako = card("adult")
    first = await hospital.prescribe(await received(people, hanako), PILL)
    assert first.warnings == ()
    await pharmacy.dispense(first.prescription, "slip-1")
    second = await hospital.prescribe(await received(people, hanako), PILL, SYRUP)
    told = wire.DoubleMedication(ingredient=PILL.ingredient, until=date(2026, 12, 18), where="")
    assert second.warnings == (told,)
    clock.turn(minutes=1)
    await received(people, hanako, wire.HealthConsent(medicines=True))
    (shown,) = (await hospital.waiting(exchange_number=second.exchange_number)).prescriptions
    assert shown.warnings == (msgspec.structs.replace(told, where=PHARMACY),)
    clock.turn(days=28)
    third = await hospital.prescribe(wire.Visit(day=date(2026, 11, 21), reception_number="1"), PILL)
    assert third.warnings == (), "the pills are taken"


async def test_the_same_document_again_is_the_same_prescription(
    hospital: Practice, insured_town: Town, people: httpx.AsyncClient, card: CardOf
) -> None:
    visit = await received(people, card("adult"))
    assert await hospital.prescribe(visit, PILL) == await hospital.prescribe(visit, PILL)


async def test_what_no_doctor_of_the_test_authority_signed_is_refused(
    hospital: Practice,
    people: httpx.AsyncClient,
    card: CardOf,
    tmp_path: Path,
    clock: Clock,
    machine: Machine,
) -> None:
    visit = await received(people, card("adult"))
    document = msgspec.json.encode(wire.PrescriptionDocument(facility=HOSPITAL, visit=visit, medicines=(PILL,)))
    elsewhere = msgspec.json.encode(wire.PrescriptionDocument(facility=PHARMACY, visit=visit, medicines=(PILL,)))
    right = await hospital.signed(document)
    key = Ed25519PrivateKey.generate()
    other_ca = Doctors(tmp_path).certify("900001", key.public_key().public_bytes_raw(), clock.now)
    forged = wire.PrescriptionRequest(
        document=right.document,
        signature=b64encode(key.sign(wire.PRESCRIPTION_DOMAIN + document)).decode(),
        certificate=b64encode(other_ca).decode(),
    )
    changed = msgspec.structs.replace(right, document=b64encode(document.replace(b"28", b"29")).decode())
    not_a_certificate = msgspec.structs.replace(right, certificate=right.signature)
    for wrong in (forged, changed, not_a_certificate, await hospital.signed(elsewhere), await hospital.signed(b"{}")):
        answer = await machine("mihon-hospital").post("/medical/prescriptions", content=msgspec.json.encode(wrong))
        assert (answer.status_code, answer.json()["code"]) == (409, "content_wrong")
    clock.turn(days=366)
    late = await machine("mihon-hospital").post("/medical/prescriptions", content=msgspec.json.encode(right))
    assert late.json()["code"] == "content_wrong"


async def test_a_search_is_by_one_of_the_two(hospital: Practice) -> None:
    with pytest.raises(Refusal, match="content_wrong"):
        await hospital.waiting()


async def test_the_person_reads_it_all_in_my_portal(
    hospital: Practice, pharmacy: Practice, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    hanako = card("adult")
    visit = await received(people, hanako, wire.HealthConsent(medicines=True))
    clock.turn(minutes=1)
    await hospital.look(visit, HealthKind.MEDICINES, HealthKind.CHECKUP)
    clock.turn(minutes=1)
    registered = await hospital.prescribe(visit, PILL)
    clock.turn(minutes=1)
    await pharmacy.dispense(registered.prescription, "slip-1")
    told = await records(people, hanako)
    assert [one.sentence for one in told[:2]] == [
        "みほん薬局 が、電子処方箋の くすりを わたしました。",
        "みほん病院 の医師が、あなたの電子処方箋を出しました。",
    ]
    assert {one.sentence for one in told[2:]} == {
        "みほん病院 が、あなたのくすりの情報を見ました。",
        "みほん病院 が、健診の情報をたずねました。見せていません。",
        "みほん病院 に、くすりの情報を 24時間 見せると きめました。",
        "みほん病院 が、あなたの保険の資格をたしかめました。",
    }
    assert all(one.easy and one.english and one.record.transaction_number for one in told)
    await received(people, hanako)
    assert "みほん病院 に 見せることを、あなたが やめました。" in {r.sentence for r in await records(people, hanako)}
    assert await records(people, card("first")) == (), "nothing of another person"


async def records(people: httpx.AsyncClient, card: Card) -> tuple[wire.RecordSentence, ...]:
    """Sign in at the portal, and enter the medical body by a pass."""
    visitor = Visitor(people, card)
    await visitor.come_in()
    shown = await visitor.post("/passes", wire.PassRequest(service="medical"))
    entered = msgspec.json.decode((await people.post("/medical/sessions", content=shown.content)).content)
    headers = {"authorization": f"Bearer {entered['session']}"}
    answer = await people.get("/medical/records", headers=headers)
    return msgspec.json.decode(answer.content, type=wire.RecordList).records


async def test_the_names_of_the_test_authority_cannot_be_mistaken(hospital: Practice, data: Path) -> None:
    signed = await hospital.signed(b"{}")
    certificate = x509.load_der_x509_certificate(b64decode(signed.certificate))
    assert certificate.issuer.rfc4514_string() == "CN=HPKI-EMU Test CA (not HPKI)"
    assert certificate.subject.rfc4514_string() == "CN=HPKI-EMU Test Doctor 900001"
    assert (body_folder(data, "mihon-hospital") / "doctor.key").exists()
