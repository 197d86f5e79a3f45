"""The medical body: what it is made of, whom it has enrolled, and what a person reads of it in My Portal."""

from __future__ import annotations

from secrets import token_bytes
from uuid import uuid4

from backend_client.wire import (
    AcquisitionNumber,
    Challenge,
    Eligibility,
    EligibilityRequest,
    Entered,
    Identity,
    IdentityRequest,
    MatchRequest,
    Pass,
    RecordList,
    SymbolGrant,
)
from backend_stub.body import Body, Call, Endpoint
from backend_stub.database import answers, open_database
from backend_stub.holding import HeldSymbols
from backend_stub.keyfile import keep
from backend_stub.medical.book import Book, Person
from backend_stub.medical.coverage import Insured
from backend_stub.medical.disaster import DisasterLooks
from backend_stub.medical.doctors import Doctors
from backend_stub.medical.eligibility import Desk
from backend_stub.medical.facilities import Facilities
from backend_stub.medical.history import History
from backend_stub.medical.links import Links
from backend_stub.medical.prescriptions import Prescriptions
from backend_stub.medical.questions import Questions
from backend_stub.medical.receptions import Receptions
from backend_stub.medical.standing import Standing
from backend_stub.medical.tables import LINKS, SYMBOL_COLUMNS, SYMBOLS_BESIDE, TABLES
from backend_stub.medical.telling import tell
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup
from backend_stub.people import Resident
from backend_stub.verification import Verifier
from backend_stub.verification.revocations import Revocations


class Medical:
    """The medical body at work. `auth_ca` is as for `Verifier`; `origins` are those under which kiosks reach it."""

    def __init__(self, setup: Setup, auth_ca: bytes, origins: tuple[str, ...]) -> None:
        self._setup = setup
        self._peers = setup.peers
        self._engine = open_database(setup.database_url, TABLES)
        self._book = Book(self._engine)
        self._history = History(self._engine)
        self._facilities = Facilities(self._book, self._history, Prescriptions(self._engine), Doctors(setup.data))
        self._gatehouse = Gatehouse(setup, "medical")
        self._links = links = Links(self._engine, keep(setup.data / "links.key", lambda: token_bytes(32)))
        self.symbols = HeldSymbols(
            self._engine,
            setup.peers,
            SYMBOLS_BESIDE,
            *SYMBOL_COLUMNS,
            forgotten=LINKS.c.symbol,
            exchanged=links.forget,
        )
        standing, receptions = Standing(self._book), Receptions(self._engine)
        self._questions = Questions(self._book, receptions, self._history, standing, self._symbol_of_holder)
        self._disaster = DisasterLooks(receptions, standing, setup.peers, self.symbols)
        verifier, lists = Verifier(auth_ca, origins, setup.peers), Revocations(setup.peers)
        self._desk = Desk(verifier, links, lists, receptions, self._symbol_of_holder)

    def body(self) -> Body:
        return Body(
            name="medical",
            title="オンライン資格確認 — medical eligibility",
            endpoints=(
                Endpoint("POST", "/challenges", self._desk.challenge, gives=Challenge),
                Endpoint("POST", "/eligibility", self._desk.check, EligibilityRequest, Eligibility),
                Endpoint("POST", "/sessions", self._gatehouse.enter, Pass, Entered),
                Endpoint("GET", "/records", self.records, gives=RecordList, session=True),
                Endpoint("POST", "/leave", self._gatehouse.leave),
                *self._facilities.endpoints(),
                *self._questions.endpoints(),
                *self._disaster.endpoints(),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=self.close,
        )

    async def records(self, call: Call, _message: None) -> RecordList:
        """Tell who is signed in what facilities did for them and saw. Refuses: session_unknown."""
        symbol = await self._symbol_of_holder(self._gatehouse.guest(call).serial, call)
        return tell(self._history.deeds(symbol))

    async def close(self) -> None:
        """Let go of the database and of the nonces."""
        self._gatehouse.close()
        await self._desk.close()
        self._engine.dispose()

    async def enrol(self, resident: Resident, insured: Insured) -> None:
        """Get a symbol for an insured person, found by the four items, and keep coverages and health entries; once."""
        if self._book.knows(resident.id):
            return
        trace_id = uuid4().hex
        match = MatchRequest(items=resident.items)
        number = await self._peers.ask("authority", "/acquisitions", match, AcquisitionNumber, trace_id)
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbols", number, SymbolGrant, trace_id)
        await self.symbols.keep_up_with(grant.symbol, self._setup.clock())
        person = Person(resident.name, resident.kana, resident.birth_date, insured.coverages)
        self._book.add(resident.id, grant.symbol, person, insured.entries)
        self._links.forget()

    async def _symbol_of_holder(self, serial: str, call: Call) -> str:
        asked = IdentityRequest(certificate_serial=serial)
        identity: Identity = await self._peers.ask("authority", "/confirmations", asked, Identity, call.trace_id)
        grant: SymbolGrant = await self._peers.ask(
            "gateway", "/symbols", identity.acquisition, SymbolGrant, call.trace_id
        )
        await self.symbols.keep_up_with(grant.symbol, call.now)
        return grant.symbol
