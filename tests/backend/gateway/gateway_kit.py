"""A gateway alone, with neighbours that do what a test tells them."""

from __future__ import annotations

import sqlite3
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
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client import wire
from backend_client.wire.token import AccessClaims, verify_access_token
from backend_stub import gateway
from backend_stub.body import Body
from backend_stub.gateway.law import LawTable
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.peers import Peers, Setup

HANAKO = b"\x01" * 12
TARO = b"\x02" * 12
COMMITMENT = b64encode(b"\x05" * 32).decode()
PROVIDED = wire.Provided(
    outcome=wire.Outcome.PROVIDED,
    data_as_of=date(2026, 6, 1),
    sealed=b64encode("合計所得金額 1,640,000円, sealed".encode()).decode(),
    provider=b64encode(b"\x06" * 32).decode(),
    content=b64encode(b"\x07" * 32).decode(),
)
AGENCIES = ("midori-tax", "midori-city-tax", "mihon-kokuho", "mihon-pension", "midori-child", "midori-care")
MACHINES = {
    "midori-city": ("みどり市 国保年金課", frozenset({Role.AGENCY, Role.MUNICIPALITY})),
    **{name: (name, frozenset({Role.AGENCY})) for name in AGENCIES},
    "portal": ("マイ・ポータル", frozenset({Role.PORTAL})),
    "mihon-life": ("みほん生命", frozenset({Role.PARTNER})),
    "overseer": ("第三者委員会", frozenset({Role.COMMISSION})),
}
PROVIDERS = ("midori-city", "midori-tax", "mihon-kokuho", "midori-care")


@dataclass
class Neighbour:
    """Answers every request by `answer`: a message, None for 204, a response, or an exception to raise."""

    answer: Any = None
    asked: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        if hasattr(answer, "__await__"):
            answer = await answer
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
    body: Body
    keys: dict[str, Ed25519PrivateKey]
    sealing: dict[str, X25519PrivateKey]
    neighbours: dict[str, Neighbour]

    def __post_init__(self) -> None:
        self.app = self.body.app()

    @property
    def database(self) -> Path:
        return self.data / "gateway.db"

    async def close(self) -> None:
        assert self.body.close is not None
        await self.body.close()

    def caller(self, machine: str, key: Ed25519PrivateKey | None = None) -> httpx.AsyncClient:
        signer = Signer(machine, key or self.keys[machine])
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="https://gateway.example", auth=signer
        )

    async def call(self, machine: str, path: str, message: wire.Message) -> httpx.Response:
        async with self.caller(machine) as client:
            return await client.post(path, content=msgspec.json.encode(message))

    async def done(self, machine: str, path: str, message: wire.Message, gives: Any = None) -> Any:
        """A call that must be answered."""
        answer = await self.call(machine, path, message)
        assert answer.status_code in (200, 204), answer.text
        return None if gives is None else msgspec.json.decode(answer.content, type=gives)

    async def symbol(self, machine: str, person: bytes = HANAKO) -> str:
        """A symbol as a body gets it: by an acquisition number."""
        self.neighbours["authority"].answer = wire.Link(person=b64encode(person).decode(), for_body=machine)
        return (
            await self.done(machine, "/symbols", wire.AcquisitionNumber(number="one-time"), wire.SymbolGrant)
        ).symbol

    async def exchange(self, symbol: str, law: str = "elderly-premium", machine: str = "midori-city") -> httpx.Response:
        request = wire.ExchangeRequest(law=law, symbol=symbol, commitment=COMMITMENT)
        return await self.call(machine, "/exchanges", request)

    async def token(self, symbol: str, law: str = "child-income", machine: str = "midori-child") -> httpx.Response:
        return await self.call(machine, "/tokens", wire.TokenRequest(law=law, symbol=symbol, commitment=COMMITMENT))

    def open(
        self, token: str, now: Any, provider: str = "midori-city-tax", requester: str = "midori-child"
    ) -> AccessClaims:
        """Open a token as its provider does."""
        gateway_key = self.keys["gateway"].public_key()
        return verify_access_token(token, gateway_key, self.sealing[provider], provider, requester, now)

    async def records(self, symbol: str) -> tuple[wire.Record, ...]:
        request = wire.RecordsRequest(symbol=symbol)
        return (await self.done("portal", "/records", request, wire.GatewayRecords)).records

    def rows(self, query: str) -> list[sqlite3.Row]:
        with sqlite3.connect(self.database) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(query).fetchall()
        connection.close()
        return found

    def events(self) -> list[tuple[str, str, str, str]]:
        rows = self.rows("SELECT * FROM audit ORDER BY id")
        return [(row["event"], row["machine"], row["law"], row["detail"]) for row in rows]

    def leaves(self) -> list[sqlite3.Row]:
        return self.rows("SELECT * FROM leaves ORDER BY position")


def code_of(answer: httpx.Response) -> str:
    return msgspec.json.decode(answer.content, type=wire.Problem).code


def build_rig(data: Path, clock: Callable[[], Any] | None = None, before: Rig | None = None, **how: Any) -> Rig:
    """A gateway over `data`; with `before`, the same bodies as that rig has. `how`: `laws`, `database_url`."""
    keys = before.keys if before else {name: Ed25519PrivateKey.generate() for name in (*MACHINES, "gateway")}
    sealing = before.sealing if before else {name: X25519PrivateKey.generate() for name in MACHINES}
    machines = {n: Machine(n, *MACHINES[n], keys[n].public_key(), sealing[n].public_key()) for n in MACHINES}
    neighbours = {name: Neighbour() for name in ("authority", "portal", *PROVIDERS)}
    for name in PROVIDERS:
        neighbours[name].answer = PROVIDED
    clients = {
        name: httpx.AsyncClient(transport=httpx.MockTransport(n), base_url=f"http://{name}.example")
        for name, n in neighbours.items()
    }
    data.mkdir(parents=True, exist_ok=True)
    setup = Setup(
        data=data,
        database_url=how.get("database_url", f"sqlite:///{data / 'gateway.db'}"),
        registry=Registry(tuple(machines.values())),
        peers=Peers(Signer("gateway", keys["gateway"]), clients),
        clock=clock or Clock(),
        sealing=X25519PrivateKey.generate(),
        directory=machines,
    )
    laws: LawTable | None = how.get("laws")
    return Rig(data, gateway.build(setup, laws), keys, sealing, neighbours)
