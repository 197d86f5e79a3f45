"""An agency as a body: it answers the gateway, and asks through the gateway; never another agency itself."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from uuid import uuid4

from backend_client.wire import (
    AcquisitionNumber,
    CounterRegistration,
    ExchangeAnswer,
    ExchangeRequest,
    FourItems,
    MatchRequest,
    NoticeRequest,
    Provided,
    ProvideRequest,
    SymbolGrant,
)
from backend_stub.agencies.book import TABLES, Book, Held
from backend_stub.agencies.file import AgencyFile, Ask, Mailing
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.machines import Role
from backend_stub.peers import Setup


class Agency:
    """One agency at work. What it does once for a client it does not do again: its book knows. All raise Refusal."""

    def __init__(self, setup: Setup, file: AgencyFile) -> None:
        self.file = file
        self._setup = setup
        self._peers = setup.peers
        self._engine = open_database(setup.database_url, TABLES)
        self.book = Book(self._engine)

    def body(self) -> Body:
        return Body(
            name=self.file.id,
            title=self.file.title,
            endpoints=(
                Endpoint("POST", "/provide", self.provide, ProvideRequest, Provided, frozenset({Role.GATEWAY})),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
        )

    async def provide(self, call: Call, request: ProvideRequest) -> Provided:
        """Give one kind of information about the client that the gateway means."""
        held = self.book.held(request.symbol, request.kind)
        if held is None:
            raise Refusal("no_data")
        self.book.provided(request.transaction_number, call.now, self.file.answers, held)
        return Provided(data_as_of=held.data_as_of, payload=held.payload)

    async def enrol(self, reference: str, items: FourItems) -> None:
        """Get a symbol for a client, found by the four items, and keep what the file says is held of it."""
        if self.book.symbol(reference) is not None:
            return
        trace_id = uuid4().hex
        number = await self._peers.ask(
            "authority", "/acquisitions", MatchRequest(items=items), AcquisitionNumber, trace_id
        )
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbols", number, SymbolGrant, trace_id)
        self.book.add_client(reference, grant.symbol, self._holdings(reference, items))

    async def ask(self, reference: str, ask: Ask) -> ExchangeAnswer:
        """Ask through the gateway for what the law entry of `ask` allows, and log the agency's part."""
        request = ExchangeRequest(law=ask.law, symbol=self._symbol(reference))
        answer: ExchangeAnswer = await self._peers.ask("gateway", "/exchanges", request, ExchangeAnswer, uuid4().hex)
        self.book.asked(answer, self._setup.clock(), reference, ask)
        return answer

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

    def _symbol(self, reference: str) -> str:
        symbol = self.book.symbol(reference)
        if symbol is None:
            raise LookupError(f"{self.file.id} has no client {reference}")
        return symbol

    def _holdings(self, reference: str, items: FourItems) -> tuple[Held, ...]:
        held = [Held(reference, h.kind, h.data_as_of, h.of[reference]) for h in self.file.holdings if reference in h.of]
        register = self.file.register
        if register is not None:
            held.append(Held(reference, register.kind, register.data_as_of, {"住所": items.address}))
        return tuple(held)
