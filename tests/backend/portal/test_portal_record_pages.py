"""Many records by pages, by month and by agency; proofs that are checked, and cases before the commission."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import ORIGIN, Cards, Clock, Machine, Visitor, problem, unplug
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from test_portal_records import exchange_all

from backend_client import wire
from backend_client.proof import checks
from backend_stub.commission.staff import KEY, STAFF
from backend_stub.machines import Signer
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder


async def page(visitor: Visitor, **asked: object) -> wire.RecordPage:
    answer = await visitor.post("/record-pages", wire.RecordPageRequest(**asked))
    return msgspec.json.decode(answer.content, type=wire.RecordPage)


async def counts(visitor: Visitor) -> wire.RecordCounts:
    return msgspec.json.decode((await visitor.get("/record-counts")).content, type=wire.RecordCounts)


def numbers(*pages: wire.RecordPage) -> list[str]:
    return [one.record.transaction_number for each in pages for one in each.records]


@pytest.fixture
async def adult(people: httpx.AsyncClient, card: Cards) -> Visitor:
    adult = Visitor(people, card("adult"))
    await adult.come_in()
    return adult


async def test_pages_show_each_record_once(
    adult: Visitor, town: Town, residents: tuple[Resident, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend_stub.portal.neighbours.PAGE", 2)
    await exchange_all(town, residents, "adult", "first")
    whole = msgspec.json.decode((await adult.get("/records")).content, type=wire.RecordList).records
    assert len(whole) > 2
    pages = [await page(adult)]
    while pages[-1].next is not None:
        assert len(pages[-1].records) == 2
        pages.append(await page(adult, before=pages[-1].next))
    assert numbers(*pages) == [one.record.transaction_number for one in whole]


async def test_by_month_and_by_agency(
    adult: Visitor, town: Town, residents: tuple[Resident, ...], clock: Clock
) -> None:
    await exchange_all(town, residents, "adult")
    before = await page(adult)
    clock.turn(days=40)
    ask = next(ask for ask in town.agencies["midori-tax"].file.asks if "adult" in ask.residents)
    await town.agencies["midori-tax"].ask("adult", ask)
    await adult.come_in()
    told = await counts(adult)
    assert told.months == (("2026-12", 1), ("2026-11", len(before.records)))
    assert sum(one.records for one in told.agencies) == len(before.records) + 1
    assert numbers(await page(adult, month="2026-11")) == numbers(before)
    assert len(numbers(await page(adult, month="2026-12"))) == 1
    assert numbers(await page(adult, month="2026-10")) == []
    for one in told.agencies:
        shown = await page(adult, agency=one.agency)
        assert len(shown.records) == one.records
        assert {record.record.requester for record in shown.records} == {one.name}


async def test_a_proof_is_the_persons_own_and_holds(
    adult: Visitor, people: httpx.AsyncClient, card: Cards, town: Town, residents: tuple[Resident, ...]
) -> None:
    await exchange_all(town, residents, "adult")
    number = numbers(await page(adult))[0]
    answer = await adult.post("/record-proofs", wire.ProofAsked(transaction_number=number))
    proven = msgspec.json.decode(answer.content, type=wire.ProvenRecord)
    assert all(check.fault is None for check in checks(proven, proven.head.key))
    other = Visitor(people, card("first"))
    await other.come_in()
    refused = await other.post("/record-proofs", wire.ProofAsked(transaction_number=number))
    assert problem(refused) == (404, "not_found")
    assert len(b64decode(proven.head.signature)) == 64


async def test_a_doubt_becomes_one_case_and_its_answer_comes_back(
    adult: Visitor,
    people: httpx.AsyncClient,
    card: Cards,
    town: Town,
    residents: tuple[Resident, ...],
    data: Path,
    clock: Clock,
) -> None:
    await exchange_all(town, residents, "adult")
    opening = wire.CaseOpening(transaction_number=numbers(await page(adult))[0])
    first, again = await adult.post("/cases", opening), await adult.post("/cases", opening)
    case = msgspec.json.decode(first.content, type=wire.Case)
    assert first.content == again.content
    assert (case.answer, case.answered_at) == ("", None)
    clock.turn(minutes=5)
    answer = wire.CaseAnswer(id=case.id, answer="みどり市に たしかめました。正しい手続きでした。")
    key = Ed25519PrivateKey.from_private_bytes((body_folder(data, "commission") / KEY).read_bytes())
    transport = httpx.ASGITransport(town.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, auth=Signer(STAFF, key)) as staff:
        assert (await staff.get("/commission/cases")).json()["cases"][0]["id"] == case.id
        assert (await staff.post("/commission/case-answers", content=msgspec.json.encode(answer))).status_code == 200
    (seen,) = msgspec.json.decode((await adult.get("/cases")).content, type=wire.CaseList).cases
    assert (seen.answer, seen.answered_at) == (answer.answer, case.opened_at + timedelta(minutes=5))
    other = Visitor(people, card("first"))
    await other.come_in()
    assert (await other.get("/cases")).json() == {"cases": []}
    assert problem(await other.post("/cases", opening)) == (404, "not_found")


async def test_without_the_commission_a_doubt_is_not_taken_for_passed_on(
    adult: Visitor, town: Town, residents: tuple[Resident, ...]
) -> None:
    await exchange_all(town, residents, "adult")
    opening = wire.CaseOpening(transaction_number=numbers(await page(adult))[0])
    unplug(town, "/commission")
    assert problem(await adult.post("/cases", opening)) == (502, "peer_unavailable")


async def test_nobody_but_staff_answers(people: httpx.AsyncClient, machine: Machine) -> None:
    answer = msgspec.json.encode(wire.CaseAnswer(id="x", answer="y"))
    assert (await people.post("/commission/case-answers", content=answer)).status_code == 401
    refused = await machine("portal").post("/commission/case-answers", content=answer)
    assert problem(refused) == (403, "not_allowed")
