from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
from backend_kit import Card

from backend_stub.people import Resident
from backend_stub.town import Town

Machine = Callable[[str], httpx.AsyncClient]


async def handles(machine: Machine) -> list[str]:
    found: list[str] = (await machine("mihon-life").get("/portal/partner-handles")).json()["handles"]
    return found


async def test_a_company_writes_once_to_those_who_let_it_in(
    town: Town, machine: Machine, card: Callable[..., Card]
) -> None:
    city, (company, *_) = town.agencies["midori-city"], town.companies
    await city.open_folder(card("adult").der, ("mihon-life",))
    await city.open_folder(card("first").der, ())
    (letter,) = company.file.mailings
    await company.send(letter)
    await company.send(letter)
    (handle,) = await handles(machine)
    assert company.reached(letter) == {handle}


async def test_a_company_that_nobody_let_in_writes_to_nobody(town: Town, machine: Machine) -> None:
    company, *_ = town.companies
    await company.send(company.file.mailings[0])
    assert await handles(machine) == []
    assert company.reached(company.file.mailings[0]) == set()


async def test_a_handle_tells_nothing_of_the_person(
    town: Town, data: Path, machine: Machine, card: Callable[..., Card], residents: tuple[Resident, ...]
) -> None:
    hanako = card("adult")
    await town.agencies["midori-city"].open_folder(hanako.der, ("mihon-life",))
    company, *_ = town.companies
    await company.send(company.file.mailings[0])
    kept = b"".join(path.read_bytes() for path in (data / "backend" / "mihon-life").iterdir())
    (handle,) = await handles(machine)
    assert handle.encode() in kept
    assert residents[0].name.encode() not in kept
    assert hanako.serial.encode() not in kept
