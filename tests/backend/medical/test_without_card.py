"""What a facility asks without the card: once more, later, and in a disaster; and what the person reads of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Card, Clock, Machine, Visitor, problem
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from medical_kit import HOSPITAL, eligibility

from backend_client import wire
from backend_stub.commission.staff import KEY, STAFF
from backend_stub.machines import Signer
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder
from kiosk.reception.facility import Facility, machine_of

T = TypeVar("T")
CardOf = Callable[..., Card]
TODAY = date(2026, 11, 21)
TREATMENT = wire.HealthConsent(treatment=True)


@pytest.fixture
async def hospital(insured_town: Town, machine: Machine) -> httpx.AsyncClient:
    return machine("mihon-hospital")


@pytest.fixture
async def commission(insured_town: Town, data: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The commission's staff."""
    key = Ed25519PrivateKey.from_private_bytes((body_folder(data, "commission") / KEY).read_bytes())
    transport = httpx.ASGITransport(insured_town.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=Signer(STAFF, key)) as client:
        yield client


@pytest.fixture
def hanako(residents: tuple[Resident, ...]) -> wire.FourItems:
    return next(resident.items for resident in residents if resident.id == "adult")


async def ask(client: httpx.AsyncClient, path: str, message: wire.Message) -> httpx.Response:
    return await client.post(f"/medical{path}", content=msgspec.json.encode(message))


def told(answer: httpx.Response) -> wire.Eligibility:
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=wire.Eligibility)


def without_card(first: wire.Eligibility) -> wire.Eligibility:
    """The same answer from what is known: nobody was asked whose the card is."""
    return msgspec.structs.replace(first, checked_at=None)


async def again(client: httpx.AsyncClient, number: str, day: date = TODAY) -> httpx.Response:
    return await ask(client, "/questions-again", wire.AskedAgain(visit=wire.Visit(day=day, reception_number=number)))


async def later(client: httpx.AsyncClient, card: Card, name: str = "c-1", day: date = TODAY) -> httpx.Response:
    message = wire.LaterConfirmation(confirmation=name, day=day, certificate_serial=card.serial)
    return await ask(client, "/later-confirmations", message)


async def give(commission: httpx.AsyncClient, until: datetime, order: str = "D-1") -> None:
    message = wire.DisasterOrder(order=order, words="みどり川の洪水", until=until)
    answer = await commission.post("/commission/disasters", content=msgspec.json.encode(message))
    assert answer.status_code == 204


async def sentences(people: httpx.AsyncClient, card: Card) -> list[wire.RecordSentence]:
    """What the person reads in だれが見た？, newest first."""
    visitor = Visitor(people, card)
    await visitor.come_in()
    shown = await visitor.post("/passes", wire.PassRequest(service="medical"))
    entered = msgspec.json.decode((await people.post("/medical/sessions", content=shown.content)).content)
    headers = {"authorization": f"Bearer {entered['session']}"}
    answer = await people.get("/medical/records", headers=headers)
    return list(msgspec.json.decode(answer.content, type=wire.RecordList).records)


# --- limits and diseases ---------------------------------------------------------------------------------------------


async def test_a_limit_is_told_with_the_claim_and_a_disease_with_consent_only(
    hospital: httpx.AsyncClient, people: httpx.AsyncClient, card: CardOf
) -> None:
    silent = await eligibility(people, card("adult"))
    assert silent.limit is not None
    assert silent.limit.classification == "B02"
    assert silent.diseases == ()
    open_ = await eligibility(people, card("adult"), TREATMENT)
    assert [(one.category, one.self_pay) for one in open_.diseases] == [("1", 10_000)]
    without = await eligibility(people, card("adult"), wire.HealthConsent(medicines=True, checkup=True))
    assert without.diseases == ()


# --- once more -------------------------------------------------------------------------------------------------------


async def test_the_same_visit_once_more(
    hospital: httpx.AsyncClient, people: httpx.AsyncClient, card: CardOf, clock: Clock
) -> None:
    first = await eligibility(people, card("adult"), TREATMENT)
    clock.turn(hours=2)
    assert told(await again(hospital, first.reception_number)) == without_card(first)
    newest = (await sentences(people, card("adult")))[0]
    assert newest.sentence == "みほん病院 が、同じ日の受付で、保険の資格を もう一度たしかめました。"


async def test_only_ones_own_visit_of_the_same_day(
    hospital: httpx.AsyncClient, people: httpx.AsyncClient, card: CardOf, clock: Clock, machine: Machine
) -> None:
    number = (await eligibility(people, card("adult"))).reception_number
    assert problem(await again(machine("mihon-pharmacy"), number)) == (404, "not_found")
    assert problem(await again(hospital, "99")) == (404, "not_found")
    assert problem(await again(people, number))[0] == 401
    clock.turn(hours=15)
    assert problem(await again(hospital, number)) == (409, "not_possible")


# --- later -----------------------------------------------------------------------------------------------------------


async def test_a_visit_of_an_outage_is_confirmed_once(
    hospital: httpx.AsyncClient, people: httpx.AsyncClient, card: CardOf, machine: Machine
) -> None:
    hanako = card("adult")
    answer = told(await later(hospital, hanako))
    assert answer.validity is wire.Validity.VALID
    assert (answer.consent, answer.diseases) == (wire.HealthConsent(), ()), "nobody was asked for consent"
    assert told(await later(hospital, hanako)) == answer, "the answer was lost on its way"
    assert told(await later(machine("mihon-pharmacy"), hanako)).reception_number == "1", "another facility's own"
    records = [one.sentence for one in await sentences(people, hanako)]
    assert records.count("みほん病院 が、回線の故障のあとで、保険の資格をたしかめました。") == 1


async def test_nothing_is_confirmed_ahead_of_its_day_or_by_anybody(
    hospital: httpx.AsyncClient, people: httpx.AsyncClient, card: CardOf
) -> None:
    hanako = card("adult")
    assert problem(await later(hospital, hanako, day=TODAY + timedelta(days=1))) == (409, "not_possible")
    assert problem(await later(people, hanako))[0] == 401


# --- in a disaster ---------------------------------------------------------------------------------------------------


async def test_a_disaster_opens_and_ends_with_the_commissions_order(
    hospital: httpx.AsyncClient,
    commission: httpx.AsyncClient,
    people: httpx.AsyncClient,
    card: CardOf,
    clock: Clock,
    hanako: wire.FourItems,
    caplog: pytest.LogCaptureFixture,
) -> None:
    search = wire.DisasterSearch(items=hanako)
    assert problem(await ask(hospital, "/disaster-searches", search)) == (403, "disaster_closed")
    assert problem(await hospital.get("/medical/disaster")) == (403, "disaster_closed")
    until = clock.now + timedelta(days=3)
    await give(commission, until)
    clock.turn(minutes=1)
    term = msgspec.json.decode((await hospital.get("/medical/disaster")).content, type=wire.DisasterTerm)
    assert term == wire.DisasterTerm(order="D-1", words="みどり川の洪水", until=until)
    with caplog.at_level("INFO", "backend_stub.medical.disaster"):
        answer = told(await ask(hospital, "/disaster-searches", search))
    assert answer.insurance is not None
    assert answer.insurance.name == hanako.name
    assert (answer.consent, answer.diseases) == (wire.HealthConsent(), ())
    (line,) = [one.getMessage() for one in caplog.records if one.name == "backend_stub.medical.disaster"]
    assert line.startswith("disaster look-up by mihon-hospital under D-1")
    assert hanako.name not in line
    (record,) = await sentences(people, card("adult"))
    assert record.sentence == "【災害のとき】みほん病院 が、カードなしで、保険の資格をたしかめました。"
    assert record.record.kind == "保険の資格（災害のとき）"
    ended = msgspec.json.encode(wire.DisasterEnd(order="D-1"))
    assert (await commission.post("/commission/disaster-ends", content=ended)).status_code == 204
    assert problem(await ask(hospital, "/disaster-searches", search)) == (403, "disaster_closed")


async def test_a_disaster_ends_by_its_term(
    hospital: httpx.AsyncClient, commission: httpx.AsyncClient, clock: Clock, hanako: wire.FourItems
) -> None:
    await give(commission, clock.now + timedelta(hours=1))
    clock.turn(hours=1)
    answer = await ask(hospital, "/disaster-searches", wire.DisasterSearch(items=hanako))
    assert problem(answer) == (403, "disaster_closed")
    assert HOSPITAL not in answer.text


async def test_nobody_of_these_items(
    hospital: httpx.AsyncClient,
    commission: httpx.AsyncClient,
    people: httpx.AsyncClient,
    clock: Clock,
    hanako: wire.FourItems,
) -> None:
    await give(commission, clock.now + timedelta(hours=1))
    wrong = wire.DisasterSearch(items=msgspec.structs.replace(hanako, address="みほん県みどり市みなみ町9-9"))
    assert problem(await ask(hospital, "/disaster-searches", wrong)) == (404, "no_match")
    assert problem(await ask(people, "/disaster-searches", wire.DisasterSearch(items=hanako)))[0] == 401


# --- by the reception's own program ----------------------------------------------------------------------------------


class Through:
    """`kiosk.reception.facility.Line` into the town."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, method: str, path: str, message: wire.Message | None, kind: type[T], _session: str | None) -> T:
        content = b"" if message is None else msgspec.json.encode(message)
        answer = await self._client.request(method, path, content=content)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=kind)


async def test_the_reception_asks_by_the_facilitys_machine(
    insured_town: Town,
    data: Path,
    commission: httpx.AsyncClient,
    people: httpx.AsyncClient,
    card: CardOf,
    clock: Clock,
    hanako: wire.FourItems,
    tmp_path: Path,
) -> None:
    assert machine_of(tmp_path) is None
    (tmp_path / "machine.toml").write_text('id = "mihon-hospital"\n')
    (tmp_path / "machine.key").write_bytes((body_folder(data, "mihon-hospital") / "machine.key").read_bytes())
    first = await eligibility(people, card("adult"))
    await give(commission, clock.now + timedelta(hours=1))
    transport = httpx.ASGITransport(insured_town.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=machine_of(tmp_path)) as client:
        facility = Facility(Through(client))
        assert await facility.again(TODAY, first.reception_number) == without_card(first)
        assert (await facility.later("c-1", TODAY, card("adult").serial)).reception_number == "2"
        assert (await facility.disaster()).order == "D-1"
        assert (await facility.search(hanako)).reception_number == "3"
