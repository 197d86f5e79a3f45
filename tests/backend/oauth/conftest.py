"""A town with one company's server, one browser and one resident signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from backend_kit import ORIGIN, Cards, Clock, Visitor
from oauth_kit import CLIENT, Browser, Company, Meeting, Resident

from backend_stub.jose import private_jwk
from backend_stub.setups import machine_key
from backend_stub.town import Town, body_folder


@pytest.fixture
def company(town: Town, data: Path, people: httpx.AsyncClient, clock: Clock) -> Company:
    return Company(people, private_jwk(machine_key(body_folder(data, CLIENT))), clock)


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(town.app), base_url=ORIGIN) as client:
        yield Browser(client)


@pytest.fixture
async def resident(people: httpx.AsyncClient, card: Cards) -> Resident:
    resident = Resident(Visitor(people, card("adult")))
    await resident.visitor.come_in()
    await resident.enter()
    return resident


@pytest.fixture
def meeting(company: Company, browser: Browser, resident: Resident) -> Meeting:
    return Meeting(company, browser, resident)
