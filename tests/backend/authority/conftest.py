"""The authority alone: its tests need no other body."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from authority_kit import ROLES, Office, open_office
from backend_kit import Clock

from backend_stub.people import Resident


@pytest.fixture
def office(data: Path, residents: tuple[Resident, ...], clock: Clock) -> Office:
    """The authority, newly opened."""
    return open_office(data, residents, clock)


@pytest.fixture
async def people(office: Office) -> AsyncIterator[httpx.AsyncClient]:
    """The authority as citizens reach it: nothing is signed."""
    async with office.client("") as client:
        yield client


@pytest.fixture
async def machine(office: Office) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """The authority as one of the machines reaches it: `machine("portal")` signs all requests."""
    async with AsyncExitStack() as stack:
        made = {name: await stack.enter_async_context(office.client(name)) for name in ROLES}
        yield made.__getitem__
