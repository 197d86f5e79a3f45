"""Exchanges between two agencies, end to end: every body real, every request signed, all through the gateway."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from backend_kit import Clock

from backend_client import wire
from backend_stub.agencies import Agency, read_file
from backend_stub.agencies.file import Ask, Desk
from backend_stub.body import Refusal
from backend_stub.gateway.law import LawTable
from backend_stub.people import Resident
from backend_stub.town import AGENCIES, Town, body_folder

DESK = Desk(department="国保年金課", terminal="国保-07")
PREMIUM = Ask(law="elderly-premium", desk=DESK, purpose="保険料の計算", residents=("adult",))
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
    city: Agency, tax: Agency, adult: Resident, data: Path, clock: Clock
) -> None:
    await city.enrol("c-1", adult.items)
    await tax.enrol("adult", adult.items)
    answer = await city.ask("c-1", PREMIUM)
    assert answer.payload == {"年分": "令和7年分", "合計所得金額": "1,640,000円"}
    (asked,), (provided,) = rows(data, "midori-city", "asked"), rows(data, "midori-tax", "provided")
    (exchange,) = rows(data, "gateway", "exchanges")
    number = answer.transaction_number
    assert asked["transaction_number"] == provided["transaction_number"] == number
    assert exchange["number"].hex() == number.replace("-", "").lower()
    assert (asked["department"], asked["terminal"], asked["purpose"]) == ("国保年金課", "国保-07", "保険料の計算")
    assert (provided["department"], provided["terminal"]) == ("管理運営部門", "自動応答")
    assert (asked["reference"], provided["reference"]) == ("c-1", "adult")


async def test_the_tax_office_gets_the_address_of_the_register(city: Agency, tax: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    await tax.enrol("adult", adult.items)
    answer = await tax.ask("adult", ADDRESS)
    assert answer.payload == {"住所": adult.address}
    assert answer.data_as_of.isoformat() == "2026-11-01"


async def test_two_agencies_call_one_person_differently(city: Agency, tax: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    await tax.enrol("adult", adult.items)
    assert city.book.symbol("adult") != tax.book.symbol("adult")


async def test_who_is_unknown_to_the_provider_is_no_data_of_the_provider(city: Agency, adult: Resident) -> None:
    await city.enrol("adult", adult.items)
    with pytest.raises(Refusal) as refused:
        await city.ask("adult", PREMIUM)
    assert (refused.value.code, refused.value.origin) == ("no_data", "midori-tax")
    assert not city.book.has_asked("adult", "elderly-premium")


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


async def test_nobody_but_the_gateway_is_answered(
    town: Town, city: Agency, adult: Resident, machine: Callable[[str], httpx.AsyncClient], people: httpx.AsyncClient
) -> None:
    await city.enrol("adult", adult.items)
    symbol = city.book.symbol("adult")
    assert symbol
    request = msgspec.json.encode(wire.ProvideRequest(transaction_number="1", symbol=symbol, kind="address"))
    for asker in (machine("midori-tax"), machine("portal"), people):
        answer = await asker.post("/agencies/midori-city/provide", content=request)
        assert (answer.status_code, answer.json()["code"]) == (401, "machine_unknown")
    answer = await machine("gateway").post("/agencies/midori-city/provide", content=request)
    assert answer.json()["payload"] == {"住所": adult.address}


@pytest.mark.parametrize("name", AGENCIES)
def test_the_file_asks_only_what_the_law_allows_of_residents_that_exist(
    name: str, residents: tuple[Resident, ...]
) -> None:
    file, laws, known = read_file(name), LawTable.read(), {resident.id for resident in residents}
    for ask in file.asks:
        law = laws.entry(ask.law, name)
        provider = read_file(law.provider)
        held = {h.kind: set(h.of) for h in provider.holdings}
        if provider.register is not None:
            held[provider.register.kind] = known
        assert set(ask.residents) <= held[law.kind] & known
    for mailing in file.mailings:
        assert set(mailing.residents) <= known
        assert len(mailing.draft.summary) <= 3


def test_everybody_with_an_income_has_a_record_and_the_adult_three() -> None:
    asked = [r for name in AGENCIES for ask in read_file(name).asks for r in ask.residents]
    assert {resident for holding in read_file("midori-tax").holdings for resident in holding.of} <= set(asked)
    assert asked.count("adult") == 3
