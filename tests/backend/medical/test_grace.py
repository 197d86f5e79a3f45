"""A certificate that has expired lately: insurance, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import httpx
import msgspec
import pytest
from backend_kit import Card, Clock, Machine
from medical_kit import HOSPITAL, NOTHING, ask, eligibility

from backend_client import wire
from backend_stub.verification.grace import in_grace, last_day

CardOf = Callable[..., Card]
ALL = wire.HealthConsent(medicines=True, treatment=True, checkup=True)
LAST = "2027-02-28"
"""The card expired on 20 November."""


@pytest.mark.parametrize(
    ("not_after", "day"),
    [
        (datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2027, 11, 30, 14, 59, 59, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2027, 11, 30, 15, 0, tzinfo=UTC), date(2028, 3, 31)),  # December in Japan
        (datetime(2026, 8, 31, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 9, 1, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, tzinfo=UTC), date(2027, 3, 31)),
    ],
)
def test_three_months_after_the_months_end(not_after: datetime, day: date) -> None:
    assert last_day(not_after) == day
    ends = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)  # midnight in Japan
    assert not in_grace(not_after, not_after)
    assert in_grace(not_after, not_after + timedelta(seconds=1))
    assert in_grace(not_after, ends - timedelta(seconds=1))
    assert not in_grace(not_after, ends)


@pytest.mark.usefixtures("insured_town")
async def test_the_insurance_is_told_and_until_when(people: httpx.AsyncClient, card: CardOf) -> None:
    answer = await eligibility(people, card("expired"), ALL)
    assert (answer.validity, answer.grace_until) == (wire.Validity.VALID, LAST)
    assert answer.insurance is not None
    assert (answer.consent, answer.consent_ends_at, answer.diseases) == (NOTHING, None, ())


@pytest.mark.usefixtures("insured_town")
async def test_a_certificate_within_its_term_has_no_grace(people: httpx.AsyncClient, card: CardOf) -> None:
    assert (await eligibility(people, card("adult"))).grace_until is None


@pytest.mark.usefixtures("insured_town")
async def test_the_last_day_and_the_day_after(people: httpx.AsyncClient, card: CardOf, clock: Clock) -> None:
    hanako = card("expired")
    clock.now = datetime(2027, 2, 28, 14, 59, 59, tzinfo=UTC)
    assert (await eligibility(people, hanako)).grace_until == LAST
    clock.turn(seconds=1)
    answer = await ask(people, hanako)
    assert (answer.status_code, answer.json()["code"]) == (403, "certificate_expired")


@pytest.mark.usefixtures("insured_town")
async def test_no_information_is_given_even_with_a_consent_of_before(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, machine: Machine
) -> None:
    hanako = card("adult")
    clock.now = hanako.certificate.not_valid_after_utc
    await eligibility(people, hanako, ALL)
    clock.turn(seconds=1)
    late = await eligibility(people, hanako, ALL)
    assert late.grace_until is not None
    visit = wire.Visit(day=clock().date() + timedelta(days=1), reception_number=late.reception_number)
    asked = wire.LookRequest(visit=visit, kinds=tuple(wire.HealthKind))
    answer = await machine("mihon-hospital").post("/medical/looks", content=msgspec.json.encode(asked))
    look = msgspec.json.decode(answer.content, type=wire.Look)
    assert (look.entries, look.given, look.withheld) == ((), (), tuple(wire.HealthKind))


@pytest.mark.usefixtures("insured_town")
async def test_only_the_medical_body_is_told_whose_it_is(card: CardOf, machine: Machine) -> None:
    message = msgspec.json.encode(wire.IdentityRequest(certificate_serial=card("expired").serial))
    codes = {}
    for body in ("medical", "portal"):
        answer = await machine(body).post("/authority/confirmations", content=message)
        codes[body] = answer.json().get("code", "told")
    assert codes == {"medical": "told", "portal": "certificate_expired"}


@pytest.mark.usefixtures("insured_town")
async def test_one_that_was_stopped_before_it_expired_has_no_grace(
    people: httpx.AsyncClient, card: CardOf, clock: Clock, machine: Machine
) -> None:
    hanako = card("adult")
    order = wire.CertificateOrder(
        kind=wire.CertificateKind.AUTHENTICATION, certificate_serial=hanako.serial, act=wire.CertificateAct.STOP
    )
    await machine("midori-city").post("/authority/certificate-orders", content=msgspec.json.encode(order))
    clock.now = hanako.certificate.not_valid_after_utc + timedelta(days=1)
    answer = await ask(people, hanako, facility=HOSPITAL)
    assert (answer.status_code, answer.json()["code"]) == (403, "certificate_revoked")
    message = msgspec.json.encode(wire.IdentityRequest(certificate_serial=hanako.serial))
    told = await machine("medical").post("/authority/confirmations", content=message)
    assert told.json()["code"] == "certificate_expired"
