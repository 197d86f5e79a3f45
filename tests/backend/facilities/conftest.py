"""People at the facilities body: `guest("adult")` has signed in and was let in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest
from backend_kit import Cards, Visitor
from facilities_kit import Guest

Guests = Callable[[str], Awaitable[Guest]]


@pytest.fixture
def guest(people: httpx.AsyncClient, card: Cards) -> Guests:
    async def come(name: str) -> Guest:
        guest = Guest(people, Visitor(people, card(name)))
        await guest.visitor.come_in()
        await guest.enter()
        return guest

    return come
