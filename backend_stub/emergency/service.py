"""The emergency body put together."""

from __future__ import annotations

from collections.abc import AsyncIterator

from backend_client.wire import (
    EmergencyState,
    Entered,
    Evacuation,
    EvacuationEnd,
    EvacuationNotice,
    EvacuationOrder,
    EvacuationReport,
    Evacuee,
    Evacuees,
    Identity,
    IdentityRequest,
    MyEvacuation,
    Pass,
    Safety,
    SafetyRequest,
    ShelterCounts,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.emergency.evacuations import Evacuations
from backend_stub.emergency.notices import Notices
from backend_stub.emergency.stream import Broadcast
from backend_stub.emergency.tables import TABLES
from backend_stub.machines import Role
from backend_stub.passes import Gatehouse
from backend_stub.peers import Peers, Setup

STAFF = frozenset({Role.MUNICIPALITY})


class Desk:
    """What the municipality and everybody's boxes ask."""

    def __init__(
        self, name: str, notices: Notices, evacuations: Evacuations, broadcast: Broadcast, peers: Peers
    ) -> None:
        """`name` is what people know as the sender."""
        self._name = name
        self._notices = notices
        self._evacuations = evacuations
        self._broadcast = broadcast
        self._peers = peers

    async def issue(self, call: Call, order: EvacuationOrder) -> EvacuationNotice:
        """Put an evacuation notice in force, on every box."""
        notice = self._notices.issue(order, self._name, call.now)
        self._broadcast.ring()
        return notice

    async def end(self, call: Call, message: EvacuationEnd) -> None:
        """End a notice (解除)."""
        self._notices.end(message.notice, call.now)
        self._broadcast.ring()

    async def state(self, call: Call, _message: None) -> EmergencyState:
        """Tell what is in force."""
        return self._notices.state(call.now)

    async def stream_state(self, call: Call, _message: None) -> AsyncIterator[bytes]:
        """Tell what is in force, and every change, as server-sent events."""
        return self._broadcast.listen()

    async def counts(self, call: Call, _message: None) -> ShelterCounts:
        """Tell the municipality how many have reported, by shelter."""
        return ShelterCounts(shelters=self._evacuations.counts(call.now))

    async def evacuees(self, call: Call, _message: None) -> Evacuees:
        """Tell the municipality who has reported; each name is asked of the authority."""
        everybody = self._evacuations.everybody(call.now)
        return Evacuees(people=tuple([await self._evacuee(call, *one) for one in everybody]))

    async def safety(self, call: Call, asked: SafetyRequest) -> Safety:
        """Tell the authorization server what one person has reported for the household; never where they are."""
        found = self._evacuations.of_serials(asked.certificate_serials, call.now)
        return Safety(people=0, at=None) if found is None else Safety(people=found.people, at=found.at)

    async def _evacuee(self, call: Call, serial: str, evacuation: Evacuation) -> Evacuee:
        request = IdentityRequest(certificate_serial=serial)
        try:
            who: Identity = await self._peers.ask("authority", "/confirmations", request, Identity, call.trace_id)
        except Refusal as refusal:
            if refusal.code == "peer_unavailable":
                raise
            return Evacuee(name="", address="", evacuation=evacuation)
        return Evacuee(name=who.items.name, address=who.items.address, evacuation=evacuation)


class Reports:
    """What a person reports, let in by a pass."""

    def __init__(self, gatehouse: Gatehouse, notices: Notices, evacuations: Evacuations) -> None:
        self._gatehouse = gatehouse
        self._notices = notices
        self._evacuations = evacuations

    async def report(self, call: Call, message: EvacuationReport) -> Evacuation:
        """Keep that somebody has left home. Raises Refusal: session_unknown, not_possible, not_found."""
        guest = self._gatehouse.guest(call)
        names = {shelter.id: shelter.name for shelter in self._notices.find(message.notice, call.now).shelters}
        if message.shelter and message.shelter not in names:
            raise Refusal("not_found")
        evacuation = Evacuation(shelter=names.get(message.shelter, ""), people=message.people, at=call.now)
        self._evacuations.keep(guest, evacuation)
        return evacuation

    async def mine(self, call: Call, _message: None) -> MyEvacuation:
        """Tell a person what they have reported."""
        return MyEvacuation(evacuation=self._evacuations.of(self._gatehouse.guest(call).handle, call.now))

    async def undo(self, call: Call, _message: None) -> None:
        """Take a report back."""
        self._evacuations.undo(self._gatehouse.guest(call).handle)


def build(setup: Setup) -> Body:
    """Open the body on its database."""
    engine = open_database(setup.database_url, TABLES)
    notices, evacuations = Notices(engine), Evacuations(engine)
    gatehouse = Gatehouse(setup, "emergency")
    broadcast = Broadcast(lambda: notices.state(setup.clock()))
    desk = Desk(setup.directory["emergency"].name, notices, evacuations, broadcast, setup.peers)
    reports = Reports(gatehouse, notices, evacuations)

    async def close() -> None:
        gatehouse.close()
        engine.dispose()

    return Body(
        name="emergency",
        title="みどり市 防災 — emergencies",
        endpoints=(
            Endpoint("POST", "/notices", desk.issue, EvacuationOrder, EvacuationNotice, STAFF),
            Endpoint("POST", "/ends", desk.end, EvacuationEnd, None, STAFF),
            Endpoint("GET", "/counts", desk.counts, None, ShelterCounts, STAFF),
            Endpoint("GET", "/evacuees", desk.evacuees, None, Evacuees, STAFF),
            Endpoint("GET", "/state", desk.state, None, EmergencyState),
            Endpoint("GET", "/stream", desk.stream_state, media_type="text/event-stream"),
            Endpoint("POST", "/safety", desk.safety, SafetyRequest, Safety, frozenset({Role.AUTHORIZER})),
            Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
            Endpoint("POST", "/leave", gatehouse.leave),
            Endpoint("GET", "/evacuations", reports.mine, None, MyEvacuation, session=True),
            Endpoint("POST", "/evacuations", reports.report, EvacuationReport, Evacuation, session=True),
            Endpoint("POST", "/evacuations/undo", reports.undo, session=True),
        ),
        registry=setup.registry,
        clock=setup.clock,
        healthy=lambda: answers(engine),
        close=close,
    )
