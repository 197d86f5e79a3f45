"""A tax return with certificates of companies: each is checked again by the tax office, and named in its receipt."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from backend_kit import Machine, problem
from conftest import Applicant

from backend_client import wire
from backend_client.statements import check_statement
from backend_stub.partners import Company
from backend_stub.town import Town

TAX = "midori-tax"
PREMIUM, ACCOUNT = "p" * 32, "a" * 32


@pytest.fixture
async def certificates(hanako: Applicant, town: Town) -> list[str]:
    """A premium certificate and an account for refunds in Hanako's post box."""
    life, bank = town.companies
    await town.agencies["midori-city"].open_folder(hanako.card.der, ("mihon-life", "mihon-bank"))
    await _certify(life, PREMIUM, "生命保険料 控除証明書", wire.StatementKind.PREMIUM)
    await _certify(bank, ACCOUNT, "公金受取口座の とどけ", wire.StatementKind.ACCOUNT)
    return [item.id for item in (await hanako.box()).items]


async def _certify(company: Company, number: str, title: str, kind: wire.StatementKind) -> None:
    setup = company._setup
    handles = await setup.peers.read("portal", "/partner-handles", wire.PartnerHandles, "0" * 32)
    now = setup.clock()
    statement = wire.Statement(
        id=number,
        title=title,
        issuer="",
        issuer_name="みほん",
        holder="見本 花子",
        facts=(wire.StatementFact(label="なかみ", value=f"{title} 1234"),),
        issued_at=now,
        valid_until=now + timedelta(days=30),
        kind=kind,
    )
    await company.certify(handles.handles[0], statement)


async def send(hanako: Applicant, premiums: str, account: str) -> wire.Application:
    answers = {"year": "2026", "premiums": premiums, "account": account}
    save = wire.DraftSave(event="tax-return", answers=answers, receivers=(TAX,))
    draft = msgspec.json.decode((await hanako.post("/drafts", save)).content, type=wire.Draft)
    answer = await hanako.post("/applications", await hanako.submission(draft))
    assert answer.status_code == 200, answer.json()
    return msgspec.json.decode(answer.content, type=wire.Application)


async def test_it_goes_with_its_certificates_and_the_receipt_names_them(
    hanako: Applicant, certificates: list[str], town: Town
) -> None:
    assert set(certificates) == {PREMIUM, ACCOUNT}
    await send(hanako, PREMIUM, ACCOUNT)
    await town.work()
    assert await hanako.states() == [(TAX, "done")]
    receipt = next(check_statement(item) for item in (await hanako.box()).items if item.id not in certificates)
    assert {fact.label for fact in receipt.facts} == {"年分", "生命保険料 控除証明書", "公金受取口座の とどけ"}
    assert receipt.issuer == TAX


async def test_without_any_it_goes_as_well(hanako: Applicant, town: Town) -> None:
    await send(hanako, wire.NO_CERTIFICATES, wire.NO_CERTIFICATES)
    await town.work()
    assert await hanako.states() == [(TAX, "done")]


async def test_what_is_not_in_the_folder_is_not_sent(hanako: Applicant, town: Town) -> None:
    answers = {"year": "2026", "premiums": "x" * 32, "account": wire.NO_CERTIFICATES}
    save = wire.DraftSave(event="tax-return", answers=answers, receivers=(TAX,))
    draft = msgspec.json.decode((await hanako.post("/drafts", save)).content, type=wire.Draft)
    answer = await hanako.post("/applications", await hanako.submission(draft))
    assert problem(answer) == (404, "not_found")
    assert (await hanako.all()).applications == ()


async def test_the_tax_office_takes_only_what_the_paper_names(
    hanako: Applicant, certificates: list[str], machine: Machine, town: Town
) -> None:
    answers = {"year": "2026", "premiums": PREMIUM, "account": wire.NO_CERTIFICATES}
    save = wire.DraftSave(event="tax-return", answers=answers, receivers=(TAX,))
    draft = msgspec.json.decode((await hanako.post("/drafts", save)).content, type=wire.Draft)
    along = tuple(item.certificate for item in (await hanako.box()).items)
    delivery = wire.Delivery(parcel="x", paper=await hanako.paper(draft, TAX), certificates=along)
    answer = await machine("portal").post(f"/agencies/{TAX}/applications", content=msgspec.json.encode(delivery))
    assert problem(answer) == (403, "paper_foreign")
