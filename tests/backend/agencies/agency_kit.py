"""Agencies at work behind a gateway that does what a test tells it, with real tokens and real signatures."""

from __future__ import annotations

import asyncio
import sqlite3
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec
from backend_kit import Clock
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend_client import wire
from backend_client.wire.gateway import shown
from backend_client.wire.token import LIFETIME, VERSION, Statement, seal_epoch, sign_together
from backend_stub.agencies import Agency, read_file
from backend_stub.authority import sign_ca
from backend_stub.machines import Machine, Registry, Role, Signer
from backend_stub.peers import Peers, Setup
from backend_stub.people import Resident

CHILD, TAX, PENSION, CITY = "midori-child", "midori-city-tax", "mihon-pension", "midori-city"
NAMES = (CHILD, TAX, PENSION, CITY)
ROLES = {"gateway": frozenset({Role.GATEWAY}), "commission": frozenset({Role.COMMISSION})}


DAILY = ("/synchronisations", "/symbol-migrations")
"""What agencies ask of themselves at the beginning of a day."""
Keys = tuple[dict[str, Ed25519PrivateKey], dict[str, X25519PrivateKey]]


def new_keys() -> Keys:
    """Keys to sign and to open with, for everybody."""
    everybody = (*NAMES, "gateway", "commission")
    return (
        {name: Ed25519PrivateKey.generate() for name in everybody},
        {name: X25519PrivateKey.generate() for name in everybody},
    )


@cache
def signers(now: datetime) -> bytes:
    """The CAs for digital signatures, PEM; no test here has a paper that one of them signed for."""
    with TemporaryDirectory() as folder:
        return sign_ca(Path(folder), now)


def law(law_id: str, kind: str, fields: tuple[str, ...], provider: str, transport: wire.Transport) -> wire.LawEntry:
    return wire.LawEntry(
        id=law_id,
        purpose="見本の事務",
        kind=kind,
        kind_words="見本の情報",
        fields=fields,
        basis="見本の法律",
        provider=provider,
        provider_words="見本の機関",
        transport=transport,
        consent_needed=False,
        open_now=True,
    )


INCOME = law("child-income", "resident-tax", ("課税の区分", "合計所得金額"), TAX, wire.Transport.TOKEN)
ADDRESS = law("pension-address", "address", ("住所",), CITY, wire.Transport.RELAY)


def symbol(agency: str, person: str) -> str:
    return (b"\1" + sha256(f"{agency} {person}".encode()).digest()).hex()


def handle(agency: str, person: str) -> str:
    return sha256(f"handle {agency} {person}".encode()).hexdigest()[:32]


async def parts(rig: Rig, agency: str) -> tuple[wire.Opened, ...]:
    """What the commission is told."""
    answer = await rig.call("commission", agency, "/parts", month(rig.clock))
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=wire.Parts).parts


@dataclass
class Gateway:
    """Grants and relays without looking at any law; says `refusal` instead while one is set."""

    clock: Clock
    keys: dict[str, Ed25519PrivateKey]
    sealing: dict[str, X25519PrivateKey]
    laws: dict[str, wire.LawEntry] = field(default_factory=lambda: {law.id: law for law in (INCOME, ADDRESS)})
    people: dict[str, str] = field(default_factory=dict)
    """Whom each symbol of any agency means."""
    provide: Callable[[str, wire.ProvideRequest], Any] | None = None
    refusal: str = ""
    unknown: str = ""
    """A transaction number it takes no receipt for."""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    """Caller, path, message."""
    daily: list[tuple[str, str, Any]] = field(default_factory=list)
    """The same of what agencies ask of themselves."""
    fails_after: dict[str, int] = field(default_factory=dict)
    """After so many more calls a path fails."""
    changes: dict[str, list[wire.PersonChange]] = field(default_factory=dict)
    """What the authority tells each agency, oldest first; so many at once as `page` says."""
    page: int = 1000
    receipts: list[wire.Receipt] = field(default_factory=list)
    received: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when receipts have come."""

    async def __call__(self, caller: str, request: httpx.Request) -> httpx.Response:
        handle: Any
        handle, takes = {
            "/acquisition-batches": (self._acquisitions, wire.MatchBatch),
            "/synchronisations": (self._synchronisation, wire.Synchronisation),
            "/symbol-batches": (self._symbols, wire.AcquisitionBatch),
            "/symbol-migrations": (self._migration, wire.SymbolMigration),
            "/laws": (self._laws, None),
            "/exchanges": (self._exchange, wire.ExchangeRequest),
            "/tokens": (self._token, wire.TokenRequest),
            "/token-batches": (self._batch, wire.TokenBatchRequest),
            "/receipts": (self._receipts, wire.Receipts),
        }[request.url.path]
        message = msgspec.json.decode(request.content, type=takes) if takes else None
        called = self.daily if request.url.path in DAILY else self.asked
        called.append((caller, request.url.path, message))
        if self.fails_after.get(request.url.path, 1) <= 0:
            return problem("peer_unavailable", "authority")
        if request.url.path in self.fails_after:
            self.fails_after[request.url.path] -= 1
        if self.refusal:
            return problem(self.refusal, "gateway")
        answer = await handle(caller, message)
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(204) if answer is None else httpx.Response(200, content=msgspec.json.encode(answer))

    async def _acquisitions(self, caller: str, message: wire.MatchBatch) -> wire.AcquisitionBatch:
        numbers = [
            wire.AcquisitionNumber(number=items.name, handle=handle(caller, items.name)) for items in message.people
        ]
        return wire.AcquisitionBatch(numbers=tuple(numbers))

    async def _synchronisation(self, caller: str, message: wire.Synchronisation) -> wire.PersonChanges:
        changes = self.changes.get(caller, [])
        page = changes[message.after : message.after + self.page]
        cursor = message.after + len(page)
        return wire.PersonChanges(changes=tuple(page), cursor=cursor, more=cursor < len(changes))

    async def _symbols(self, caller: str, message: wire.AcquisitionBatch) -> wire.SymbolBatch:
        made = {symbol(caller, number.number): number.number for number in message.numbers}
        self.people |= made
        return wire.SymbolBatch(symbols=tuple(made))

    async def _migration(self, _caller: str, message: wire.SymbolMigration) -> wire.SymbolGrant:
        return wire.SymbolGrant(symbol=message.symbol)

    async def _laws(self, _caller: str, _message: None) -> wire.LawList:
        return wire.LawList(laws=tuple(self.laws.values()))

    async def _exchange(self, caller: str, message: wire.ExchangeRequest) -> wire.ExchangeAnswer:
        entry, number = self.laws[message.law], shown(token_bytes(16))
        theirs = symbol(entry.provider, self.people[message.symbol])
        request = wire.ProvideRequest(
            transaction_number=number, symbol=theirs, kind=entry.kind, fields=entry.fields, requester=caller
        )
        assert self.provide
        provided = await self.provide(entry.provider, request)
        return wire.ExchangeAnswer(
            transaction_number=number,
            outcome=provided.outcome,
            data_as_of=provided.data_as_of,
            sealed=provided.sealed,
        )

    async def _token(self, caller: str, message: wire.TokenRequest) -> wire.TokenGrant:
        numbers, token = self.grant(caller, self.laws[message.law], [self.people[message.symbol]])
        return wire.TokenGrant(transaction_number=numbers[0], token=token, provider=self.laws[message.law].provider)

    async def _batch(self, caller: str, message: wire.TokenBatchRequest) -> wire.TokenBatchGrant:
        entry = self.laws[message.law]
        numbers, token = self.grant(caller, entry, [self.people[one.symbol] for one in message.entries])
        return wire.TokenBatchGrant(transaction_numbers=numbers, token=token, provider=entry.provider)

    async def _receipts(self, _caller: str, message: wire.Receipts) -> httpx.Response | None:
        if self.unknown in {receipt.transaction_number for receipt in message.receipts}:
            return problem("not_allowed", "gateway")
        self.receipts += message.receipts
        self.received.set()
        return None

    def grant(self, requester: str, entry: wire.LawEntry, people: list[str]) -> tuple[tuple[str, ...], str]:
        """A token by the gateway's own key for some people."""
        key, nonce = token_bytes(16), token_bytes(12)
        numbers = [token_bytes(16) for _ in people]
        symbols = b"".join(bytes.fromhex(symbol(entry.provider, person)) for person in people)
        statement = Statement(
            version=VERSION,
            law=entry.id,
            kind=entry.kind,
            fields=entry.fields,
            requester=requester,
            provider=entry.provider,
            expires_ms=int((self.clock.now + LIFETIME).timestamp() * 1000),
            numbers=b"".join(numbers),
            epoch=seal_epoch(key, entry.provider, self.sealing[entry.provider].public_key()),
            nonce=nonce,
            symbols=AESGCM(key).encrypt(nonce, symbols, b"".join(numbers)),
        )
        (token,) = sign_together([msgspec.msgpack.encode(statement)], self.keys["gateway"].sign)
        return tuple(map(shown, numbers)), token


def problem(code: str, origin: str) -> httpx.Response:
    content = msgspec.json.encode(wire.Problem(code=code, origin=origin, trace_id="t-1", message="no"))
    return httpx.Response(wire.REFUSALS[code][0], content=content)


class Rig:
    """Four agencies, each with its own folder and database, and the gateway between them."""

    def __init__(self, data: Path, clock: Clock, keys: Keys) -> None:
        self.data, self.clock = data, clock
        self.keys, self.sealing = keys
        self.machines = {
            name: Machine(
                name,
                name,
                ROLES.get(name, frozenset({Role.AGENCY})),
                self.keys[name].public_key(),
                self.sealing[name].public_key(),
            )
            for name in self.keys
        }
        self.gateway = Gateway(clock, self.keys, self.sealing)
        self.gateway.provide = self._provide
        self.between: Callable[[httpx.Response], httpx.Response] = lambda answer: answer
        """What happens to answers of providers on their way to requesters."""
        self.agencies = {name: self.agency(name) for name in NAMES}

    def agency(self, name: str) -> Agency:
        """Build an agency on its folder; once more for a second life after a crash."""
        folder = self.data / name
        folder.mkdir(parents=True, exist_ok=True)
        clients = {
            **{body: _client(partial(self.gateway, name)) for body in ("gateway", "authority")},
            **{body: _client(partial(self._pass_on, body)) for body in NAMES if body != name},
        }
        setup = Setup(
            data=folder,
            database_url=f"sqlite:///{folder / 'agency.db'}",
            registry=Registry(tuple(self.machines.values())),
            peers=Peers(Signer(name, self.keys[name]), clients),
            clock=self.clock,
            sealing=self.sealing[name],
            directory=self.machines,
        )
        return Agency(setup, read_file(name), signers(self.clock()))

    async def staff(self, residents: tuple[Resident, ...]) -> None:
        """Enrol residents with all agencies that serve them, by resident id."""
        for agency in self.agencies.values():
            await agency.enrol_all({one.id: one.items for one in residents if agency.file.serves(one.id)})

    async def call(self, caller: str, agency: str, path: str, message: wire.Message) -> httpx.Response:
        """Ask one agency as another machine, signed."""
        transport = httpx.ASGITransport(self.agencies[agency].body().app())
        signer = Signer(caller, self.keys[caller])
        async with httpx.AsyncClient(transport=transport, base_url="http://body.example", auth=signer) as client:
            return await client.post(path, content=msgspec.json.encode(message))

    def rows(self, agency: str, table: str) -> list[dict[str, Any]]:
        connection = sqlite3.connect(self.data / agency / "agency.db")
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608
        connection.close()
        return found

    def sql(self, agency: str, statement: str) -> None:
        connection = sqlite3.connect(self.data / agency / "agency.db")
        with connection:
            connection.execute(statement)
        connection.close()

    async def _pass_on(self, body: str, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(self.agencies[body].body().app())
        answer = await transport.handle_async_request(request)
        await answer.aread()
        return self.between(answer)

    async def _provide(self, provider: str, request: wire.ProvideRequest) -> wire.Provided:
        answer = await self.call("gateway", provider, "/provide", request)
        return msgspec.json.decode(answer.content, type=wire.Provided)


def _client(handler: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(handler), base_url="http://body.example")


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, code and origin; every refusal has a trace id and says nothing of anybody."""
    said = msgspec.json.decode(answer.content, type=wire.Problem)
    assert said.trace_id
    assert said.message == wire.REFUSALS[said.code][1]
    return answer.status_code, said.code, said.origin


def raw(text: str) -> bytes:
    return b64decode(text, validate=True)


def month(clock: Clock) -> wire.PartsRequest:
    """An order for everything of the last and the next days."""
    now: datetime = clock.now
    return wire.PartsRequest(
        order="T-2026-1",
        valid_until=now.replace(day=now.day + 1),
        since=now.replace(day=1),
        until=now.replace(day=now.day + 2),
    )
