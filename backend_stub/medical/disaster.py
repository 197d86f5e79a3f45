"""災害時モード: without any card, by the four items, while the commission has a disaster open; each look is marked.

The permission is the commission's own public record, read anew at every look, so that it ends where the order ends.
"""

from __future__ import annotations

import logging
from datetime import datetime

from backend_client.wire import (
    AcquisitionNumber,
    DisasterEntry,
    DisasterRecord,
    DisasterSearch,
    DisasterTerm,
    Eligibility,
    MatchRequest,
    SymbolGrant,
)
from backend_stub.body import Call, Endpoint, Refusal
from backend_stub.holding import HeldSymbols
from backend_stub.medical.clocks import day_of
from backend_stub.medical.facilities import FACILITY
from backend_stub.medical.receptions import Reception, Receptions
from backend_stub.medical.standing import Standing
from backend_stub.medical.ways import Way
from backend_stub.peers import Peers

log = logging.getLogger(__name__)


class DisasterLooks:
    """Endpoints for machines of facilities. All raise Refusal."""

    def __init__(self, receptions: Receptions, standing: Standing, peers: Peers, symbols: HeldSymbols) -> None:
        self._receptions = receptions
        self._standing = standing
        self._peers = peers
        self._symbols = symbols

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/disaster", self.term, None, DisasterTerm, FACILITY),
            Endpoint("POST", "/disaster-searches", self.find, DisasterSearch, Eligibility, FACILITY),
        )

    async def term(self, call: Call, _message: None) -> DisasterTerm:
        """Tell a facility under which order it may look. Refuses: disaster_closed."""
        record: DisasterRecord = await self._peers.read("commission", "/disasters", DisasterRecord, call.trace_id)
        order = next((one for one in record.orders if _open(one, call.now)), None)
        if order is None:
            raise Refusal("disaster_closed")
        return DisasterTerm(order=order.order, words=order.words, until=order.until)

    async def find(self, call: Call, request: DisasterSearch) -> Eligibility:
        """Find somebody by the four items, and keep that it was looked before anything is told.

        Refuses: disaster_closed; no_match, also for more than one.
        """
        term = await self.term(call, None)
        facility, now = call.machine.name, call.now
        log.info("disaster look-up by %s under %s, trace %s", call.machine.id, term.order, call.trace_id)
        asked = MatchRequest(items=request.items)
        number: AcquisitionNumber = await self._peers.ask(
            "authority", "/acquisitions", asked, AcquisitionNumber, call.trace_id
        )
        grant: SymbolGrant = await self._peers.ask("gateway", "/symbols", number, SymbolGrant, call.trace_id)
        await self._symbols.keep_up_with(grant.symbol, now)
        received = await self._receptions.receive(
            Reception(facility, grant.symbol, day_of(now), now, way=Way.DISASTER, reference=term.order)
        )
        return self._standing.of(grant.symbol, facility, received, now)


def _open(order: DisasterEntry, now: datetime) -> bool:
    """An order that the gateway has not confirmed opens nothing here either."""
    return order.opened is not None and order.ended is None and order.opened <= now < order.until
