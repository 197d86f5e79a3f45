"""The third-party commission (第三者機関) as a body."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend_client.wire import (
    Case,
    CaseAnswer,
    CaseList,
    CaseRequest,
    CaseStates,
    DisasterEnd,
    DisasterOrder,
    DisasterRecord,
    Findings,
    Review,
    ReviewRequest,
    SignedHead,
    Usage,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.commission.archive import Archive
from backend_stub.commission.cases import CaseDesk
from backend_stub.commission.collector import Collector
from backend_stub.commission.disasters import DisasterDesk
from backend_stub.commission.findings import FindingBook
from backend_stub.commission.following import Follower
from backend_stub.commission.reviews import LONGEST, Reviews
from backend_stub.commission.staff import staff_machine
from backend_stub.commission.tables import TABLES
from backend_stub.commission.thresholds import Thresholds, read_thresholds
from backend_stub.commission.usage import UsageDesk
from backend_stub.commission.witness import Witness
from backend_stub.database import answers, open_database
from backend_stub.gateway.law import LawTable
from backend_stub.machines import Role
from backend_stub.members import AGENCIES
from backend_stub.metrics import Figure
from backend_stub.peers import Setup

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
STAFF = frozenset({Role.COMMISSION})
"""Of the machines this body knows, its staff's alone has this role."""


class Commission:
    """The commission at work: a witness from its first moment, and following the gateway live once it is started."""

    def __init__(
        self,
        setup: Setup,
        laws: LawTable | None = None,
        thresholds: Thresholds | None = None,
        agencies: tuple[str, ...] = AGENCIES,
    ) -> None:
        thresholds = thresholds or read_thresholds()
        self._setup = setup
        self._grace = thresholds.parts.grace
        self._engine = engine = open_database(setup.database_url, TABLES)
        archive = Archive(engine, laws or LawTable.read(), setup.clock())
        self._findings = findings = FindingBook(engine)
        self._witness = Witness(engine, setup.peers, findings)
        self._cases = CaseDesk(engine)
        self._usage = UsageDesk(engine, thresholds.usage)
        self._disasters = DisasterDesk(engine, setup.peers, setup.clock, archive)
        self._collector = collector = Collector(setup.peers, setup.clock, self._witness, archive, findings)
        self._reviews = Reviews(
            engine, setup.peers, setup.clock, agencies, collector, archive, self._disasters, findings, thresholds
        )
        self._follower = Follower(setup.peers, self._reviews.keep_up)

    def body(self) -> Body:
        gateway, portal = frozenset({Role.GATEWAY}), frozenset({Role.PORTAL})
        return Body(
            name="commission",
            title="第三者委員会 — third-party commission",
            endpoints=(
                Endpoint("POST", "/heads", self.take_head, SignedHead, None, gateway),
                Endpoint("GET", "/heads/latest", self.latest_head, None, SignedHead),
                Endpoint("GET", "/usage", self.usage, None, Usage),
                Endpoint("GET", "/disasters", self._disasters.list_disasters, None, DisasterRecord),
                Endpoint("POST", "/disasters", self._disasters.open_disaster, DisasterOrder, None, STAFF),
                Endpoint("POST", "/disaster-ends", self._disasters.end_disaster, DisasterEnd, None, STAFF),
                Endpoint("GET", "/findings", self.findings, None, Findings, STAFF),
                Endpoint("POST", "/cases", self._cases.open_case, CaseRequest, Case, portal),
                Endpoint("POST", "/case-states", self._cases.case_states, CaseStates, CaseList, portal),
                Endpoint("GET", "/cases", self._cases.list_cases, None, CaseList, STAFF),
                Endpoint("POST", "/case-answers", self._cases.answer_case, CaseAnswer, Case, STAFF),
                Endpoint("POST", "/reviews", self.review, ReviewRequest, Review, STAFF),
            ),
            registry=self._setup.registry.joined_by(staff_machine(self._setup.data)),
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            start=self.start,
            close=self.close,
            figures=(Figure("commission_findings", "What was found, by rule.", self._findings.counts, True),),
        )

    def start(self) -> None:
        """Follow the gateway live from now on."""
        self._follower.start()

    async def close(self) -> None:
        """Stop following."""
        await self._follower.close()
        self._engine.dispose()

    async def take_head(self, call: Call, head: SignedHead) -> None:
        """Take a signed head of the gateway's log as its witness."""
        await self._witness.take(head, call.now, call.trace_id)
        self._follower.ring()

    async def latest_head(self, _call: Call, _message: None) -> SignedHead:
        """Show everybody the newest head that was witnessed here."""
        head = self._witness.newest()
        if head is None:
            raise Refusal("not_found")
        return head

    async def usage(self, call: Call, _message: None) -> Usage:
        """Tell everybody how much the gateway is used, without telling of few."""
        return self._usage.usage(min(call.now, self._collector.complete_until) - self._grace)

    async def findings(self, _call: Call, _message: None) -> Findings:
        """List what was found, oldest first."""
        return Findings(findings=self._findings.all())

    async def review(self, _call: Call, request: ReviewRequest) -> Review:
        """Have all agencies open their parts of a time, and check them against the gateway's tree."""
        if request.since < LONG_AGO or not timedelta(0) < request.until - request.since <= LONGEST:
            raise Refusal("content_wrong")
        return await self._reviews.review(request.since, request.until)
