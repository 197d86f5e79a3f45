"""The whole town exchanges its symbols for newer ones while it works; nobody loses a client, a record or a notice."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import httpx
import pytest
from backend_kit import Cards, Clock, Visitor

from backend_client import wire
from backend_stub.agencies import Agency
from backend_stub.agencies.file import Ask, Mailing
from backend_stub.body import Refusal
from backend_stub.gateway.law import LawTable
from backend_stub.holding import HeldSymbols
from backend_stub.medical.coverage import read_insured
from backend_stub.people import Resident
from backend_stub.town import Town, body_folder

PEOPLE = ("adult", "first")
LATE = "mihon-pension"
"""An agency that does not exchange its symbols."""


def plan(data: Path, *versions: tuple[str, int, str]) -> None:
    path = body_folder(data, "gateway") / "symbols.toml"
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("".join(f'[[version]]\nnumber = {n}\nmethod = "{m}"\nstate = "{s}"\n' for m, n, s in versions))
    os.utime(path, ns=(stamp + 1, stamp + 1))  # clocks of file systems are coarse


def work(town: Town) -> list[tuple[Agency, str, Ask]]:
    """All that agencies ask about these people."""
    return [
        (agency, reference, ask)
        for agency in town.agencies.values()
        for ask in agency.file.asks
        for reference in PEOPLE
        if reference in ask.residents
    ]


async def records(visitor: Visitor) -> set[str]:
    shown = (await visitor.get("/records")).json()["records"]
    return {sentence["record"]["transaction_number"] for sentence in shown}


async def write(town: Town, title: str) -> None:
    draft = wire.NoticeDraft(title=title, summary=(), body="b")
    await town.agencies["midori-city"].send("adult", Mailing(id=title, residents=("adult",), draft=draft))


@pytest.mark.parametrize("method", ["siv", "table"])
async def test_the_town_moves_over_while_it_works(
    town: Town,
    residents: tuple[Resident, ...],
    people: httpx.AsyncClient,
    card: Cards,
    clock: Clock,
    data: Path,
    method: str,
) -> None:
    known = {resident.id: resident for resident in residents}
    insured = {one.resident: one for one in read_insured()}
    for agency in town.agencies.values():
        await agency.enrol_all({one: known[one].items for one in PEOPLE if agency.file.serves(one)})
    await town.medical.enrol(known["adult"], insured["adult"])
    adult = Visitor(people, card("adult"))
    await adult.come_in()
    numbers = {(await agency.ask(*rest)).transaction_number for agency, *rest in work(town) if rest[0] == "adult"}
    before = {name: agency.book.symbol("adult") for name, agency in town.agencies.items()}
    assert await records(adult) == numbers
    assert numbers

    plan(data, (method, 2, "present"), ("siv", 1, "taken"))
    clock.turn(seconds=2)
    running = True

    async def go_on(agency: Agency, reference: str, ask: Ask) -> None:
        done = 0
        while running or not done:
            answer = await agency.ask(reference, ask)
            done += 1
            if reference == "adult":
                numbers.add(answer.transaction_number)

    async def move() -> None:
        nonlocal running
        try:
            for name, agency in town.agencies.items():
                if name != LATE:
                    await agency.symbols.migrate(clock())
            await town.medical.symbols.migrate(clock())
            await Visitor(people, card("first")).come_in()  # a newer symbol comes to the portal, and the others follow
            await write(town, "間")
        finally:
            running = False

    await asyncio.gather(move(), *(go_on(*one) for one in work(town)))
    moved = {name for name, agency in town.agencies.items() if agency.book.symbol("adult") != before[name]}
    assert moved == {name for name, symbol in before.items() if symbol} - {LATE}
    assert await records(adult) == numbers

    plan(data, (method, 2, "present"), ("siv", 1, "old"))
    clock.turn(seconds=2)
    refused = set()
    for agency, reference, ask in work(town):
        try:
            await agency.ask(reference, ask)
        except Refusal as refusal:
            refused.add((agency.file.id, refusal.code))
        else:
            assert agency.file.id != LATE
            numbers |= await records(adult)
    assert refused <= {(LATE, "symbol_old")} | {(one.file.id, "no_data") for one, _, ask in work(town) if at_late(ask)}
    assert (LATE, "symbol_old") in refused
    late = town.agencies[LATE]
    await late.symbols.migrate(clock())
    for agency, reference, ask in work(town):
        assert (await agency.ask(reference, ask)).transaction_number
    await write(town, "後")
    assert numbers < await records(adult)
    assert set(await adult.titles()) == {"間", "後"}
    again = Visitor(people, card("adult", "new"))
    await again.come_in()
    assert set(await again.titles()) == {"間", "後"}, "the same folder"


def at_late(ask: Ask) -> bool:
    """Whether the agency that has not moved is asked."""
    return LawTable.read().get(ask.law).provider == LATE


async def test_an_older_symbol_is_understood_for_a_while_and_then_dropped(
    town: Town, residents: tuple[Resident, ...], clock: Clock, data: Path
) -> None:
    tax = town.agencies["midori-tax"]
    adult = next(resident for resident in residents if resident.id == "adult")
    await tax.enrol("adult", adult.items)
    old = tax.book.symbol("adult")
    assert old
    plan(data, ("siv", 2, "present"), ("siv", 1, "taken"))
    clock.turn(seconds=2)
    assert await tax.symbols.migrate(clock())
    new = tax.book.symbol("adult")
    assert new
    assert new[:2] == "02"
    assert set(tax.book.held([old, new], "income")) == {old, new}
    clock.turn(minutes=11)
    assert await tax.symbols.migrate(clock())
    assert set(tax.book.held([old, new], "income")) == {new}


@pytest.mark.parametrize("calls", range(5))
async def test_an_exchange_of_symbols_cut_short_goes_on(
    town: Town,
    residents: tuple[Resident, ...],
    clock: Clock,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    calls: int,
) -> None:
    city, tax = town.agencies["midori-city"], town.agencies["midori-tax"]
    for agency in (city, tax):
        await agency.enrol_all({one.id: one.items for one in residents if one.id in PEOPLE})
    (ask,) = (ask for ask in city.file.asks if ask.law == "elderly-premium")
    plan(data, ("table", 2, "present"), ("siv", 1, "taken"))
    clock.turn(seconds=2)
    newest, left = HeldSymbols._newest, iter(range(calls))

    async def failing(self: HeldSymbols, symbol: str) -> str:
        if next(left, None) is None:
            raise Refusal("peer_unavailable", "gateway")
        return await newest(self, symbol)

    with monkeypatch.context() as patch:
        patch.setattr(HeldSymbols, "_newest", failing)
        with pytest.raises(Refusal):
            await tax.symbols.migrate(clock())
    assert (await city.ask("adult", ask)).payload
    assert await tax.symbols.migrate(clock())
    assert {(tax.book.symbol(one) or "")[:2] for one in PEOPLE} == {"02"}
    assert (await city.ask("adult", ask)).payload


async def test_what_the_gateway_wants_exchanged_is_exchanged_of_itself_within_a_day(
    town: Town, residents: tuple[Resident, ...], clock: Clock, data: Path
) -> None:
    city, tax = town.agencies["midori-city"], town.agencies["midori-tax"]
    for agency in (city, tax):
        await agency.enrol_all({one.id: one.items for one in residents if one.id in PEOPLE})
    (ask,) = (ask for ask in city.file.asks if ask.law == "elderly-premium")
    plan(data, ("siv", 2, "present"), ("siv", 1, "taken"))
    clock.turn(days=1)
    await city.ask("adult", ask)
    assert [(agency.book.symbol("adult") or "")[:2] for agency in (city, tax)] == ["02", "02"]
