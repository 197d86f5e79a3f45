"""Eligibility (資格確認) by card: who holds it, whether the insurance can be used, what the desk may see for a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from backend_client.wire import (
    AcquisitionNumber,
    Challenge,
    Eligibility,
    EligibilityRequest,
    Entered,
    HealthConsent,
    Identity,
    IdentityRequest,
    Insurance,
    MatchRequest,
    Pass,
    RecordList,
    SymbolGrant,
)
from backend_stub.body import Body, Call, Endpoint
from backend_stub.database import answers, open_database
from backend_stub.holding import HeldSymbols
from backend_stub.medical.book import Book, Person
from backend_stub.medical.clocks import day_of
from backend_stub.medical.coverage import Coverage, Insured, judge
from backend_stub.medical.doctors import Doctors
from backend_stub.medical.facilities import Facilities
from backend_stub.medical.history import History
from backend_stub.medical.prescriptions import Prescriptions
from backend_stub.medical.tables import SYMBOL_COLUMNS, SYMBOLS_BESIDE, TABLES
from backend_stub.medical.telling import tell
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup
from backend_stub.people import Resident
from backend_stub.verification import Challenges, Verifier

CONSENT_TERM = timedelta(hours=24)


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
        self.symbols = HeldSymbols(self._engine, setup.peers, SYMBOLS_BESIDE, *SYMBOL_COLUMNS)
        self._challenges = Challenges()
        self._verifier = Verifier(auth_ca, origins, setup.peers)

    def body(self) -> Body:
        return Body(
            name="medical",
            title="オンライン資格確認 — medical eligibility",
            endpoints=(
                Endpoint("POST", "/challenges", self.challenge, gives=Challenge),
                Endpoint("POST", "/eligibility", self.eligibility, EligibilityRequest, Eligibility),
                Endpoint("POST", "/sessions", self._gatehouse.enter, Pass, Entered),
                Endpoint("GET", "/records", self.records, gives=RecordList, session=True),
                Endpoint("POST", "/leave", self._gatehouse.leave),
                *self._facilities.endpoints(),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=self.close,
        )

    async def challenge(self, call: Call, _message: None) -> Challenge:
        """Give a challenge for the card to sign."""
        return self._challenges.give(call.now)

    async def eligibility(self, call: Call, request: EligibilityRequest) -> Eligibility:
        """Say whether the card's holder is insured, and keep what the holder lets the facility see for 24 hours."""
        self._challenges.use(request.nonce, call.now)
        certificate = await self._verifier.token(request.token, request.nonce, call.now, call.trace_id)
        symbol = await self._symbol_of_holder(str(certificate.serial_number), call)
        return self._answer(symbol, request, call.now)

    async def records(self, call: Call, _message: None) -> RecordList:
        """Tell who is signed in what facilities did for them and saw. Refuses: session_unknown."""
        symbol = await self._symbol_of_holder(self._gatehouse.guest(call).serial, call)
        return tell(self._history.deeds(symbol))

    async def close(self) -> None:
        """Let go of the database and of the nonces."""
        self._gatehouse.close()
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

    async def _symbol_of_holder(self, serial: str, call: Call) -> str:
        asked = IdentityRequest(certificate_serial=serial)
        identity: Identity = await self._peers.ask("authority", "/confirmations", asked, Identity, call.trace_id)
        grant: SymbolGrant = await self._peers.ask(
            "gateway", "/symbols", identity.acquisition, SymbolGrant, call.trace_id
        )
        await self.symbols.keep_up_with(grant.symbol, call.now)
        return grant.symbol

    def _answer(self, symbol: str, request: EligibilityRequest, now: datetime) -> Eligibility:
        today = day_of(now)
        person = self._book.person(symbol)
        validity, coverage = judge(person.coverages if person else (), today)
        ends_at = self._keep_consent(request.facility, symbol, request.consent, now)
        return Eligibility(
            validity=validity,
            insurance=_insurance(person, coverage) if person and coverage else None,
            consent=request.consent,
            consent_ends_at=ends_at,
            reception_number=str(self._book.receive(request.facility, symbol, today, now)),
        )

    def _keep_consent(self, facility: str, symbol: str, consent: HealthConsent, now: datetime) -> datetime | None:
        """Keep what was said now; a plain no is kept only where it withdraws something."""
        nothing = HealthConsent()
        if consent == nothing == self._book.consented(facility, symbol, now):
            return None
        ends_at = now + CONSENT_TERM
        self._book.consent(facility, symbol, consent, now, ends_at)
        return None if consent == nothing else ends_at


def _insurance(person: Person, coverage: Coverage) -> Insurance:
    return Insurance(
        insurer_number=coverage.insurer_number,
        insurer_name=coverage.insurer_name,
        insured_card_symbol=coverage.insured_card_symbol,
        insured_identification_number=coverage.insured_identification_number,
        insured_branch_number=coverage.insured_branch_number,
        personal_family=coverage.personal_family,
        name=person.name,
        name_kana=person.name_kana,
        birth_date=person.birth_date,
        partial_contribution_percent=coverage.partial_contribution_percent,
        valid_from=coverage.valid_from,
        valid_to=coverage.valid_to,
    )
