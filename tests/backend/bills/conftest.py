"""Somebody with bills of a company that was let in."""

from __future__ import annotations

import pytest
from backend_kit import Cards, Clock, Visitor
from bill_kit import Payer

from backend_stub.people import Resident
from backend_stub.town import Town


@pytest.fixture
async def payer(town: Town, card: Cards, residents: tuple[Resident, ...], people: object, clock: Clock) -> Payer:
    """Hanako, signed in, with one small bill and one large one."""
    hanako = card("adult")
    (resident,) = (one for one in residents if one.id == "adult")
    city = town.agencies["midori-city"]
    await city.enrol("adult", resident.items)
    await city.open_folder(hanako.der, resident.partners)
    company, *_ = town.companies
    for billing in company.file.billings:
        await company.bill(billing)
    payer = Payer(Visitor(people, hanako))  # type: ignore[arg-type]
    await payer.visitor.come_in()
    await payer.enter()
    return payer
