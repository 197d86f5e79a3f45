"""A gateway alone, with neighbours that do what a test tells them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import msgspec
from backend_kit import Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette

from backend_client import wire
from backend_stub import gateway
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.peers import Peers, Setup

HANAKO = b"\x01" * 12
TARO = b"\x02" * 12
PROVIDED = wire.Provided(data_as_of=date(2026, 6, 1), payload={"合計所得金額": "1,640,000円"})
MACHINES = {
    "midori-city": ("みどり市 国保年金課", frozenset({Role.AGENCY, Role.MUNICIPALITY})),
    "midori-tax": ("みどり税務署", frozenset({Role.AGENCY})),
    "portal": ("マイ・ポータル", frozenset({Role.PORTAL})),
    "mihon-life": ("みほん生命", frozenset({Role.PARTNER})),
}


@dataclass
class Neighbour:
    """Answers every request by `answer`: a message, None for 204, a response, or an exception to raise."""

    answer: Any = None
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(204) if answer is None else httpx.Response(200, content=msgspec.json.encode(answer))

    def last(self, message: Any) -> Any:
        return msgspec.json.decode(self.asked[-1].content, type=message)


def problem(code: str, origin: str) -> httpx.Response:
    content = msgspec.json.encode(wire.Problem(code=code, origin=origin, trace_id="t-1", message="no"))
    return httpx.Response(wire.REFUSALS[code][0] if code in wire.REFUSALS else 418, content=content)


@dataclass
class Rig:
    data: Path
    app: Starlette
    keys: dict[str, Ed25519PrivateKey]
    neighbours: dict[str, Neighbour]

    @property
    def database(self) -> Path:
        return self.data / "gateway.db"

    def caller(self, machine: str, key: Ed25519PrivateKey | None = None) -> httpx.AsyncClient:
        signer = Signer(machine, key or self.keys[machine])
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="https://gateway.example", auth=signer
        )

    async def call(self, machine: str, path: str, message: wire.Message) -> httpx.Response:
        async with self.caller(machine) as client:
            return await client.post(path, content=msgspec.json.encode(message))

    async def symbol(self, machine: str, person: bytes = HANAKO) -> str:
        """A symbol as a body gets it: by an acquisition number."""
        self.neighbours["authority"].answer = wire.Link(person=b64encode(person).decode(), for_body=machine)
        answer = await self.call(machine, "/symbols", wire.AcquisitionNumber(number="one-time"))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=wire.SymbolGrant).symbol

    async def exchange(self, symbol: str, law: str = "elderly-premium", machine: str = "midori-city") -> httpx.Response:
        return await self.call(machine, "/exchanges", wire.ExchangeRequest(law=law, symbol=symbol))

    async def records(self, symbol: str) -> tuple[wire.Record, ...]:
        answer = await self.call("portal", "/records", wire.RecordsRequest(symbol=symbol))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=wire.GatewayRecords).records


def code_of(answer: httpx.Response) -> str:
    return msgspec.json.decode(answer.content, type=wire.Problem).code


def build_rig(data: Path, clock: Callable[[], Any] | None = None) -> Rig:
    keys = {name: Ed25519PrivateKey.generate() for name in (*MACHINES, "gateway")}
    machines = tuple(Machine(name, *MACHINES[name], keys[name].public_key()) for name in MACHINES)
    neighbours = {name: Neighbour() for name in ("authority", "portal", "midori-city", "midori-tax")}
    neighbours["midori-tax"].answer = neighbours["midori-city"].answer = PROVIDED
    clients = {
        name: httpx.AsyncClient(transport=httpx.MockTransport(n), base_url=f"http://{name}.example")
        for name, n in neighbours.items()
    }
    data.mkdir(parents=True, exist_ok=True)
    setup = Setup(
        data=data,
        database_url=f"sqlite:///{data / 'gateway.db'}",
        registry=Registry(machines),
        peers=Peers(Signer("gateway", keys["gateway"]), clients),
        clock=clock or Clock(),
    )
    return Rig(data, gateway.build(setup).app(), keys, neighbours)
