"""One town for both: all bodies in this process, with things in them that are of one of the two alone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import create_engine, select
from starlette.types import Receive, Scope, Send

from backend_client import wire
from backend_stub.authority import auth_ca
from backend_stub.doors import Doors
from backend_stub.gateway.log.writer import Writer
from backend_stub.medical.coverage import read_insured
from backend_stub.partners import Company
from backend_stub.peers import Setup
from backend_stub.portal import tables as portal
from backend_stub.setups import body_folder
from backend_stub.town import Town, build_town
from tests.flow.fakes import NOON
from tests.interleaving.neighbours import Neighbour, OwnCard, issue, neighbours
from tests.interleaving.stepper import pause

ORIGIN = "https://localhost:8443"
COUNTER = "midori-city"


@dataclass
class Village:
    town: Town
    neighbours: tuple[Neighbour, ...]
    cards: dict[str, OwnCard]
    marks: dict[str, tuple[str, ...]]
    """By neighbour: what nobody else may see."""
    ca: Path
    """Some certificate (PEM): kiosks want one to trust, and meet no TLS here."""


async def build(data: Path) -> Village:
    both = neighbours()
    homes = tuple(person for one in both for person in (one.resident, one.ward))
    town = build_town(data, (ORIGIN,), homes, lambda: NOON)
    cards = issue(data, homes, NOON)
    for one in both:
        await _settle(town, one, cards)
    await town.work()
    symbols = _symbols(data, cards)
    marks = {one.id: (*one.words, *_written(one, cards, symbols)) for one in both}
    ca = data / "ca.pem"
    ca.write_bytes(auth_ca(body_folder(data, "authority"), NOON))
    return Village(town, both, cards, marks, ca)


def _written(one: Neighbour, cards: dict[str, OwnCard], symbols: dict[str, str]) -> Iterator[str]:
    for person in (one.resident, one.ward):
        yield from cards[person.id].serials()
        yield symbols[person.id]


async def _settle(town: Town, one: Neighbour, cards: dict[str, OwnCard]) -> None:
    counter, (company, *_) = town.agencies[COUNTER], town.companies
    for person in (one.resident, one.ward):
        items = {person.id: person.items}
        for agency in town.agencies.values():
            if agency.file.serves(person.id):
                await agency.enrol_all(items)
        before = await _handles(company)
        await counter.open_folder(cards[person.id].certificate, person.partners)
        (handle,) = await _handles(company) - before
        for number in range(3):
            await _write(company, handle, one, person.name, number)
    for agency in town.agencies.values():
        for ask in agency.file.asks:
            if one.id in ask.residents:
                await agency.ask_all((one.id,), ask)
    (insured,) = (insured for insured in read_insured() if insured.resident == one.id)
    await town.medical.enrol(one.resident, insured)
    await _lay_down(_setup(counter), one, cards)


async def _write(company: Company, handle: str, one: Neighbour, name: str, number: int) -> None:
    """A notice, a bill and a membership card of the company's."""
    peers, key = _setup(company).peers, f"{handle[:20]}-{number}"
    body = f"{name} さまの {one.letter} です。"
    draft = wire.NoticeDraft(title=f"{one.letter}の おしらせ", summary=(body,), body=body, message_id=key)
    await peers.ask("portal", "/partner-notices", wire.PartnerNotice(handle=handle, draft=draft), None, key)
    due = NOON.date() + timedelta(days=30)
    bill = wire.BillDraft(number=key, handle=handle, title=f"{one.letter}の 代金", amount=one.bill, due=due)
    await peers.ask("bills", "/drafts", bill, None, key)
    valid = date(2028, 3, 31)
    card = wire.CardDraft(number=key, handle=handle, title=f"{one.letter}の 会員証", holder=name, valid_until=valid)
    await peers.ask("cards", "/drafts", card, None, key)


async def _lay_down(counter: Setup, one: Neighbour, cards: dict[str, OwnCard]) -> None:
    principal, proxy = (b64encode(cards[who.id].certificate).decode() for who in (one.ward, one.resident))
    by_law = wire.CounterProxy(
        principal=principal,
        proxy=proxy,
        kind=wire.ProxyKind.CHILD,
        scopes=tuple(wire.ProxyScope),
        until=NOON + timedelta(days=365),
    )
    await counter.peers.ask("portal", "/counter-proxies", by_law, None, "1")


async def _handles(company: Company) -> set[str]:
    found: wire.PartnerHandles = await _setup(company).peers.read(
        "portal", "/partner-handles", wire.PartnerHandles, "1"
    )
    return set(found.handles)


def _setup(body: Any) -> Setup:
    setup: Setup = body._setup
    return setup


def _symbols(data: Path, cards: dict[str, OwnCard]) -> dict[str, str]:
    """What the gateway calls each towards the portal: only bodies know that."""
    engine = create_engine(f"sqlite:///{body_folder(data, 'portal') / 'portal.db'}")
    known = select(portal.certificates.c.serial, portal.folders.c.symbol).join(
        portal.folders, portal.folders.c.id == portal.certificates.c.folder_id
    )
    with engine.connect() as connection:
        by_serial = {serial: str(symbol) for serial, symbol in connection.execute(known)}
    engine.dispose()
    return {name: by_serial[next(iter(card.serials()))] for name, card in cards.items()}


# --- where others may go on ----------------------------------------------------------------------------------------


@contextmanager
def by_steps() -> Iterator[None]:
    """Every message between bodies, and to the kiosks, is an await; what the log's thread does is done in the loop."""
    with (
        patch.object(Doors, "__call__", _paused(Doors.__call__)),
        patch.object(Writer, "_hand_over", _write_here),
        patch.object(Writer, "stop", _stop),
    ):
        yield


def _paused(real: Any) -> Any:
    async def call(self: Doors, scope: Scope, receive: Receive, send: Send) -> None:
        async def read() -> MutableMapping[str, Any]:
            await pause()
            return await receive()

        async def write(message: MutableMapping[str, Any]) -> None:
            await pause()
            await send(message)

        await pause()
        await real(self, scope, read, write)

    return call


def _write_here(self: Writer) -> None:
    group, self._group, self._turn = self._group, [], None
    for job in group:
        self._commit([job])
    self._patience()


def _stop(self: Writer) -> None:
    self._stopped = True
    self._pen.close()


def client(town: Town, transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, trust_env=False)
