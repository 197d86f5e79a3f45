"""An agency as a body: what it serves, and what it does once for each client."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from backend_client.wire import (
    AcquisitionBatch,
    CounterRegistration,
    Delivery,
    FourItems,
    MatchBatch,
    NoticeRequest,
    Parts,
    PartsRequest,
    Provided,
    ProvideRequest,
    Redeemed,
    Redemption,
    StatementDelivery,
    SymbolBatch,
    Withdrawal,
)
from backend_client.wire.gateway import MOST_AT_ONCE
from backend_stub.agencies.applications import ApplicationOffice
from backend_stub.agencies.book import CLIENTS, SYMBOLS_BESIDE, TABLES, Book, Client, Held
from backend_stub.agencies.changes import Changes, day_of
from backend_stub.agencies.file import AgencyFile, Ask, Mailing, registered
from backend_stub.agencies.outbox import Outbox
from backend_stub.agencies.parts import PartLog
from backend_stub.agencies.provider import Provider
from backend_stub.agencies.requester import Answered, Requester
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.holding import HeldSymbols
from backend_stub.machines import Role
from backend_stub.metrics import Figure
from backend_stub.peers import Setup

COMMISSION = frozenset({Role.COMMISSION})


class Agency:
    """One agency at work. What it does once for a client it does not do again: its book knows. All raise Refusal."""

    def __init__(self, setup: Setup, file: AgencyFile, sign_ca: bytes) -> None:
        """`sign_ca` is as for `PaperVerifier`."""
        self.file = file
        self._setup = setup
        self._peers = setup.peers
        self._engine = open_database(setup.database_url, TABLES)
        self.symbols = HeldSymbols(self._engine, setup.peers, SYMBOLS_BESIDE, CLIENTS.c.symbol)
        self.book = Book(self._engine, self.symbols)
        self._authority = Changes(setup.peers, self.book, file)
        self.parts = PartLog(self._engine)
        self.outbox = Outbox(self._engine, setup.peers, file.id)
        self._provider = Provider(setup, file.id, file.answers, self.book, self.parts, self.outbox)
        self._requester = Requester(setup, self.parts)
        self.office = ApplicationOffice(setup, self._engine, file, sign_ca)
        self._tidied: date | None = None

    def body(self) -> Body:
        gateway, agencies = frozenset({Role.GATEWAY}), frozenset({Role.AGENCY})
        return Body(
            name=self.file.id,
            title=self.file.title,
            endpoints=(
                Endpoint("POST", "/provide", self.provide, ProvideRequest, Provided, gateway),
                Endpoint("POST", "/redemptions", self.redeem, Redemption, Redeemed, agencies),
                Endpoint("POST", "/parts", self.open_parts, PartsRequest, Parts, COMMISSION),
                *self._desk(),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            start=self._start,
            work=self.office.work,
            close=self.close,
            figures=(Figure("outbox_receipts", "Receipts the gateway has not taken.", self.outbox.waiting),),
        )

    def _desk(self) -> tuple[Endpoint, ...]:
        """Of those agencies only that take applications."""
        if not self.file.applications:
            return ()
        office, portal = self.office, frozenset({Role.PORTAL})
        return (
            Endpoint("POST", "/applications", office.receive, Delivery, None, portal),
            Endpoint("POST", "/withdrawals", office.withdraw, Withdrawal, None, portal),
            Endpoint("POST", "/certificates", office.take_certificate, StatementDelivery, None, portal),
        )

    def _start(self) -> None:
        self.outbox.kick()
        self.office.errand.start()

    async def provide(self, call: Call, request: ProvideRequest) -> Provided:
        """Give one kind of information about the client that the gateway means, sealed to the requester."""
        await self._begin_day(call.now)
        return await self._provider.provide(call, request)

    async def redeem(self, call: Call, request: Redemption) -> Redeemed:
        """Give the caller what its access token is for: once, everything or nothing."""
        await self._begin_day(call.now)
        return await self._provider.redeem(call, request)

    async def open_parts(self, call: Call, request: PartsRequest) -> Parts:
        """Open the agency's part of the log for the commission, under an order that is in force."""
        if call.now >= request.valid_until:
            raise Refusal("order_expired")
        self._forget_old_parts(call.now)
        return Parts(parts=self.parts.opened(request, call.now))

    async def close(self) -> None:
        """Stop what goes on of itself."""
        await self.outbox.close()
        await self.office.errand.close()
        self._engine.dispose()

    async def enrol(self, reference: str, items: FourItems) -> None:
        """Get a symbol for a client, found by the four items, and keep what the file says is held of it."""
        await self.enrol_all({reference: items})

    async def enrol_all(self, clients: Mapping[str, FourItems]) -> None:
        """Enrol those clients (by reference) that are new, all or none."""
        new = [(reference, items) for reference, items in clients.items() if self.book.symbol(reference) is None]
        now = self._setup.clock()
        known: dict[str, Client] = {}
        for start in range(0, len(new), MOST_AT_ONCE):
            known |= await self._new_clients(new[start : start + MOST_AT_ONCE])
        if known:
            await self.symbols.keep_up_with(next(iter(known.values())).symbol, now)
            held = [one for reference, items in new for one in self._holdings(reference, items)]
            self.book.add_clients(known, held, day_of(now))

    async def synchronise(self) -> None:
        """Hear from the authority what became of the clients, and apply it. Once a day this happens of itself."""
        await self._authority.hear(self._setup.clock())

    async def ask(self, reference: str, ask: Ask) -> Answered:
        """Ask about a client what the law entry of `ask` allows, by its transport, and keep the own part."""
        return (await self.ask_all((reference,), ask))[0]

    async def ask_all(self, references: Sequence[str], ask: Ask) -> tuple[Answered, ...]:
        """Ask about several clients at once; the answers are in their order."""
        await self._begin_day(self._setup.clock())
        return await self._requester.ask([(reference, self._symbol(reference)) for reference in references], ask)

    async def send(self, reference: str, mailing: Mailing) -> None:
        """Send a notice into the client's folder, once."""
        if self.book.has_sent(mailing.id, reference):
            return
        request = NoticeRequest(symbol=self._symbol(reference), draft=mailing.draft)
        await self._peers.ask("gateway", "/notices", request, None, uuid4().hex)
        self.book.sent(mailing.id, reference)

    async def open_folder(self, certificate: bytes, partners: tuple[str, ...]) -> None:
        """Register a resident's card (DER) at the portal from the counter, once; municipalities only."""
        certificate_hash = sha256(certificate).digest()
        if self.book.has_opened(certificate_hash):
            return
        request = CounterRegistration(certificate=b64encode(certificate).decode(), partners=partners)
        await self._peers.ask("portal", "/counter-registrations", request, None, uuid4().hex)
        self.book.opened(certificate_hash)

    async def _new_clients(self, people: Sequence[tuple[str, FourItems]]) -> dict[str, Client]:
        trace_id = uuid4().hex
        match = MatchBatch(people=tuple(items for _, items in people))
        found: AcquisitionBatch = await self._peers.ask(
            "authority", "/acquisition-batches", match, AcquisitionBatch, trace_id
        )
        granted: SymbolBatch = await self._peers.ask("gateway", "/symbol-batches", found, SymbolBatch, trace_id)
        pairs = zip(people, granted.symbols, found.numbers, strict=True)
        return {reference: Client(symbol, number.handle) for (reference, _), symbol, number in pairs}

    def _symbol(self, reference: str) -> str:
        symbol = self.book.symbol(reference)
        if symbol is None:
            raise LookupError(f"{self.file.id} has no client {reference}")
        return symbol

    def _holdings(self, reference: str, items: FourItems) -> tuple[Held, ...]:
        held = [
            Held(reference, h.kind, h.data_as_of, h.of[reference], reference not in h.withheld)
            for h in self.file.holdings
            if reference in h.of
        ]
        register = self.file.register
        if register is not None:
            automatic = reference not in register.withheld
            held.append(Held(reference, register.kind, register.data_as_of, registered(items), automatic))
        return tuple(held)

    async def _begin_day(self, now: datetime) -> None:
        """Do what is done once a day, before anything else is done that day."""
        self._forget_old_parts(now)
        await self._authority.keep_up(now)
        await self.symbols.keep_up(now)

    def _forget_old_parts(self, now: datetime) -> None:
        """Delete parts whose term is over, once a day, before anything else is done that day."""
        if now.date() != self._tidied:
            self.parts.forget(now - timedelta(days=self.file.keep_parts_days))
            self._tidied = now.date()
