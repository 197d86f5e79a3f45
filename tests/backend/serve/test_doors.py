"""Doors: what is found at once answers as it would by Starlette's routes, and everything else still goes their way."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from backend_stub.doors import Doors


class Room:
    """Says who it is."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(self._name)(scope, receive, send)


async def by_route(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"route {request.path_params.get('number', '')}")


@pytest.fixture
def house() -> Doors:
    inner = Doors(routes=[Route("/rooms/{number}", by_route), Route("/room", by_route)])
    inner.open({("GET", "/room"): Room("door")})
    outer = Doors(routes=[Route("/", by_route)])
    outer.take_in("/inner", inner)
    return outer


async def ask(app: Any, method: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house.example") as client:
        return await client.request(method, path)


@pytest.mark.parametrize(
    ("path", "said"),
    [("/inner/room", "door"), ("/inner/rooms/7", "route 7"), ("/", "route "), ("/inner/%72oom", "door")],
)
async def test_doors_and_routes_live_side_by_side(house: Doors, path: str, said: str) -> None:
    answer = await ask(house, "GET", path)
    assert (answer.status_code, answer.text) == (200, said)


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/inner/room", 405), ("GET", "/room", 404)])
async def test_what_has_no_door_goes_the_way_of_routes(house: Doors, method: str, path: str, status: int) -> None:
    assert (await ask(house, method, path)).status_code == status


async def test_a_second_opening_keeps_the_first(house: Doors) -> None:
    house.open({("GET", "/new"): Room("new")})
    assert (await ask(house, "GET", "/new")).text == "new"
    assert (await ask(house, "GET", "/inner/room")).text == "door"
