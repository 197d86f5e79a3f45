"""Exchanges between agencies, end to end: every body real, every request signed; and their data files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from backend_client import wire
from backend_stub.agencies import Agency, AgencyFile, read_file
from backend_stub.agencies.catalogue import standard
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.gateway.law import Law, LawTable
from backend_stub.members import AGENCIES, MEMBERS
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder

DESK = Desk(department="国保年金課", terminal="国保-07")
PREMIUM = Ask(law="elderly-premium", desk=DESK, purpose="保険料の計算", residents=("adult",))
INCOME = Ask(law="child-income", desk=DESK, purpose="現況の審査", residents=())
ADDRESS = Ask(law="return-address", desk=DESK, purpose="住所の確認", residents=("adult",))


def rows(data: Path, body: str, table: str) -> list[dict[str, Any]]:
    connection = sqlite3.connect(body_folder(data, body) / f"{body}.db")
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
    connection.close()
    return found


@pytest.fixture
def adult(residents: tuple[Resident, ...]) -> Resident:
    return next(resident for resident in residents if resident.id == "adult")


@pytest.fixture
def city(town: Town) -> Agency:
    return town.agencies["midori-city"]


@pytest.fixture
def tax(town: Town) -> Agency:
    return town.agencies["midori-tax"]


async def test_the_city_gets_the_income_and_all_three_keep_their_part(
    city: Agency, tax: Agency, adult: Resident, data: Path
) -> None:
    await city.enrol("c-1", adult.items)
    await tax.enrol("adult", adult.items)
    answer = await city.ask("c-1", PREMIUM)
    assert answer.payload == {"年分": "令和7年分", "合計所得金額": "1,640,000円"}
    (asked,), (provided,) = rows(data, "midori-city", "asked"), rows(data, "midori-tax", "provided")
    assert asked["transaction_number"] == provided["transaction_number"] == answer.transaction_number
    assert (asked["department"], asked["terminal"], asked["purpose"]) == ("国保年金課", "国保-07", "保険料の計算")
    assert (provided["department"], provided["terminal"]) == ("管理運営部門", "自動応答")
    assert (asked["reference"], provided["reference"]) == ("c-1", "adult")


async def test_a_token_goes_past_the_gateway_and_its_receipt_comes_back(
    town: Town, data: Path, residents: tuple[Resident, ...]
) -> None:
    child, provider = town.agencies["midori-child"], town.agencies["midori-city-tax"]
    for agency in (child, provider):
        await agency.enrol_all({resident.id: resident.items for resident in residents})
    answers = await child.ask_all(("not-yet", "wrong-policy"), INCOME)
    await provider.outbox.post()
    assert [answer.payload["合計所得金額"] for answer in answers] == ["3,870,000円", "4,250,000円"]
    numbers = [answer.transaction_number for answer in answers]
    assert [row["transaction_number"] for row in rows(data, "midori-city-tax", "provided")] == numbers
    assert rows(data, "midori-city-tax", "outbox") == []


async def test_the_tax_office_gets_the_address_of_the_register(city: Agency, tax: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    await tax.enrol("adult", adult.items)
    answer = await tax.ask("adult", ADDRESS)
    assert answer.payload == {"住所": adult.address}
    assert answer.data_as_of == date(2026, 11, 1)


async def test_two_agencies_call_one_person_differently(city: Agency, tax: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    await tax.enrol("adult", adult.items)
    assert city.book.symbol("adult") != tax.book.symbol("adult")


async def test_who_is_unknown_to_the_provider_is_no_data_of_the_provider(city: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    with pytest.raises(Refusal) as refused:
        await city.ask("adult", PREMIUM)
    assert (refused.value.code, refused.value.origin) == ("no_data", "midori-tax")
    assert not city.parts.has_asked("adult", "elderly-premium")


async def test_the_law_binds_the_agency_that_asks(city: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    with pytest.raises(Refusal) as refused:
        await city.ask("adult", ADDRESS)
    assert (refused.value.code, refused.value.origin) == ("law_forbids", "gateway")


async def test_enrolling_twice_asks_nobody(city: Agency, adult: Resident, data: Path) -> None:
    await city.enrol("adult", adult.items)
    symbol, links = city.book.symbol("adult"), len(rows(data, "authority", "audit"))
    await city.enrol("adult", adult.items)
    assert city.book.symbol("adult") == symbol
    assert len(rows(data, "authority", "audit")) == links


async def test_four_items_that_match_nobody_give_no_client(city: Agency, adult: Resident) -> None:
    moved = msgspec.structs.replace(adult.items, address="みほん県みどり市どこにもない町1番")
    with pytest.raises(Refusal) as refused:
        await city.enrol("adult", moved)
    assert (refused.value.code, refused.value.origin) == ("no_match", "authority")
    assert city.book.symbol("adult") is None


async def test_who_may_not_ask_an_agency_is_unknown_to_it(
    town: Town, machine: Callable[[str], httpx.AsyncClient], people: httpx.AsyncClient
) -> None:
    for asker in (machine("midori-tax"), people):
        answer = await asker.post("/agencies/midori-city/provide", content=b"{}")
        assert (answer.status_code, answer.json()["code"]) == (401, "machine_unknown")
    answer = await machine("portal").post("/agencies/midori-city/provide", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), "it brings applications, no more"


@pytest.mark.parametrize("name", AGENCIES)
def test_the_file_asks_only_what_the_law_allows_of_residents_that_exist(
    name: str, residents: tuple[Resident, ...]
) -> None:
    file, laws, known = read_file(name), LawTable.read(), {resident.id for resident in residents}
    for ask in file.asks:
        law = laws.entry(ask.law, name)
        assert set(ask.residents) <= holders(read_file(law.provider), known)[law.kind] & known
    for mailing in file.mailings:
        assert set(mailing.residents) <= known
        assert len(mailing.draft.summary) <= 3


@pytest.mark.parametrize("law", tuple(LawTable.read()), ids=lambda law: law.id)
def test_every_law_names_what_its_provider_holds_and_whom_its_requester_can_reach(
    law: Law, residents: tuple[Resident, ...]
) -> None:
    fields = standard().fields(law.kind)
    assert set(law.fields) <= fields.keys()
    assert holders(read_file(law.provider), {resident.id for resident in residents})[law.kind]
    identifying = {name for name in law.fields if fields[name].identifies}
    own = law.requester == "portal"  # a person reads what is the person's own
    assert own or identifying <= ({"氏名", "住所"} if law.kind == "address" else set())


@pytest.mark.parametrize("name", AGENCIES)
def test_an_agency_reaches_those_it_has_tokens_for_and_no_others(name: str) -> None:
    tokens = {law.provider for law in LawTable.read() if (law.requester, law.transport) == (name, wire.Transport.TOKEN)}
    (member,) = (member for member in MEMBERS if member.id == name)
    assert tokens == set(member.asks) & set(AGENCIES)


def test_eight_residents_have_records_and_the_adult_three() -> None:
    asked = [r for name in AGENCIES for ask in read_file(name).asks for r in ask.residents]
    assert len(set(asked)) == 8
    assert asked.count("adult") == 3


def holders(file: AgencyFile, everybody: set[str]) -> dict[str, set[str]]:
    """Of whom an agency holds which kind."""
    held = {holding.kind: set(holding.of) for holding in file.holdings}
    if file.register is not None:
        held[file.register.kind] = everybody
    return held
