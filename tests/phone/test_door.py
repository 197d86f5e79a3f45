"""Who may knock at the gate, and what is served when."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient, Response

from stb_profile.phone import handover
from stb_profile.phone.address import NoHomeNetwork, in_home, may_knock, own_address
from stb_profile.phone.door import QUEUE, Gate
from stb_profile.phone.handover import LIFE_S
from stb_profile.phone.orders import REPORT, Came, Close, Door, Fetched, Heard, Keep, Send, Went

OWN, HOST = "192.168.1.5", "192.168.1.5:4433"
NEIGHBOUR = "192.168.1.9"
ORIGIN = f"https://{HOST}"


class Street:
    """A gate, and somebody before it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.reports: list[REPORT] = []
        self.gate = Gate(OWN, HOST, self.reports.append, lambda: self.now)

    async def get(self, path: str, *, peer: str = NEIGHBOUR, host: str = HOST) -> Response:
        return await self._ask("GET", path, peer, host, {})

    async def post(self, path: str, **headers: str) -> Response:
        return await self._ask("POST", path, NEIGHBOUR, HOST, headers)

    async def _ask(self, method: str, path: str, peer: str, host: str, headers: dict[str, str]) -> Response:
        transport = ASGITransport(self.gate.app, client=(peer, 50000))
        async with AsyncClient(transport=transport, base_url=f"https://{host}") as client:
            return await client.request(method, path, headers=headers)


class Call:
    """A WebSocket to the gate, one event at a time."""

    def __init__(self, street: Street, origin: str) -> None:
        self.out: asyncio.Queue[Any] = asyncio.Queue()
        self.back: asyncio.Queue[Any] = asyncio.Queue()
        headers = [(b"host", HOST.encode()), (b"origin", origin.encode())]
        scope = {"type": "websocket", "path": "/ws", "query_string": b"", "headers": headers, "client": (NEIGHBOUR, 1)}
        self.out.put_nowait({"type": "websocket.connect"})
        self.running = asyncio.ensure_future(street.gate.app(scope, self.out.get, self.back.put))

    async def event(self) -> Any:
        async with asyncio.timeout(2):
            return await self.back.get()

    def send(self, **frame: str | bytes) -> None:
        self.out.put_nowait({"type": "websocket.receive", **frame})


@pytest.fixture
def street() -> Street:
    there = Street()
    there.gate.obey(Door(True))
    return there


# --- who may knock ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "own", "may"),
    [
        ("192.168.1.9", OWN, True),
        ("10.0.0.9", OWN, True),
        ("172.31.255.254", OWN, True),
        ("169.254.3.4", OWN, True),
        ("203.0.113.9", OWN, False),
        ("100.64.0.9", OWN, False),
        ("172.32.0.1", OWN, False),
        ("127.0.0.1", OWN, False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", OWN, False),
        ("", OWN, False),
    ],
)
def test_only_from_the_home(peer: str, own: str, may: bool) -> None:
    assert may_knock(peer, own) is may


async def test_a_stranger_gets_nothing(street: Street) -> None:
    assert (await street.get("/p", peer="203.0.113.9")).status_code == 403


async def test_under_another_name(street: Street) -> None:
    """What makes a page of the internet that calls itself by the box's address (DNS rebinding) useless."""
    assert (await street.get("/p", host="evil.example:4433")).status_code == 421


@pytest.mark.parametrize("named", ["192.168.0.7", "127.0.0.1"])
def test_an_address_that_was_named(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("MADOGUCHI_ADDRESS", named)
    assert own_address() == named


def test_an_address_outside_the_home_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADOGUCHI_ADDRESS", "203.0.113.7")
    with pytest.raises(NoHomeNetwork):
        own_address()


def test_own_address_is_of_the_home_or_there_is_none() -> None:
    with contextlib.suppress(NoHomeNetwork):
        assert in_home(own_address())


# --- pages ------------------------------------------------------------------------------------------------------------


async def test_the_page_only_while_the_door_is_open(street: Street) -> None:
    assert (await street.get("/p")).status_code == 200
    street.gate.obey(Door(False))
    closed = await street.get("/p")
    assert closed.status_code == 404
    assert "テレビで もう一度" in closed.text


@pytest.mark.parametrize("path", ["/p", "/page/main.js", "/page/nothing.js"])
async def test_headers(street: Street, path: str) -> None:
    headers = (await street.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/page/../gate.py", "/page/%2e%2e%2fgate.py", "/page/pairing.html", "/docs"])
async def test_nothing_else(street: Street, path: str) -> None:
    assert (await street.get(path)).status_code == 404


# --- the WebSocket ----------------------------------------------------------------------------------------------------


async def test_frames_both_ways(street: Street) -> None:
    call = Call(street, ORIGIN)
    assert (await call.event())["type"] == "websocket.accept"
    call.send(text="hello")
    call.send(bytes=b"\x01")
    street.gate.obey(Send(1, frame="answer"))
    street.gate.obey(Send(1, sealed=b"\x02"))
    assert (await call.event())["text"] == "answer"
    assert (await call.event())["bytes"] == b"\x02"
    street.gate.obey(Close(1))
    assert (await call.event())["type"] == "websocket.close"
    await call.running
    assert street.reports == [Came(1), Heard(1, frame="hello"), Heard(1, sealed=b"\x01"), Went(1)]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://192.168.1.5:4433", "null", ""])
async def test_from_another_page(street: Street, origin: str) -> None:
    call = Call(street, origin)
    assert (await call.event())["type"] == "websocket.close"
    await call.running
    assert street.reports == []


async def test_a_phone_that_takes_nothing_is_let_go(street: Street) -> None:
    call = Call(street, ORIGIN)
    await call.event()
    for _ in range(QUEUE + 1):
        street.gate.obey(Send(1, frame="x"))
    assert (await call.event())["type"] == "websocket.close"
    await call.running


async def test_orders_for_who_has_gone_are_nothing(street: Street) -> None:
    street.gate.obey(Send(9, frame="x"))
    street.gate.obey(Close(9))


# --- handing over -----------------------------------------------------------------------------------------------------


async def test_one_download(street: Street) -> None:
    street.gate.obey(Keep("name", b"sealed"))
    street.gate.obey(Door(False))
    assert (await street.get("/r/name")).status_code == 200
    assert (await street.get("/r/name")).status_code == 200, "looking is not taking"
    assert (await street.post("/r/name", origin=ORIGIN)).content == b"sealed"
    assert street.reports == [Fetched("name")]
    assert (await street.post("/r/name", origin=ORIGIN)).status_code == 404
    assert (await street.get("/r/name")).status_code == 404


async def test_ten_minutes(street: Street) -> None:
    street.gate.obey(Keep("name", b"sealed"))
    street.now += LIFE_S
    assert (await street.post("/r/name", origin=ORIGIN)).status_code == 404
    assert street.reports == []


async def test_another_page_cannot_use_the_download_up(street: Street) -> None:
    street.gate.obey(Keep("name", b"sealed"))
    assert (await street.post("/r/name", origin="https://evil.example")).status_code == 403
    assert (await street.post("/r/name")).status_code == 403
    assert (await street.get("/r/name")).status_code == 200


def test_what_is_kept_cannot_be_read_without_the_key() -> None:
    sealed = handover.seal("見本 花子")
    assert "見本".encode() not in sealed.sealed
    assert sealed.path.startswith(f"/r/{sealed.name}#k=")
    assert handover.seal("見本 花子").key != sealed.key
