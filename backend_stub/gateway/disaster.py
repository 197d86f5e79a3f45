"""The disaster exception (激甚災害): the commission opens and closes the law tuples marked for it; the log has both.

Source: gateway reference, section 1 (what may flow).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from backend_client.wire import DisasterEnd, DisasterOrder
from backend_stub.body import Call, Refusal
from backend_stub.gateway.log import Entry, GatewayLog
from backend_stub.gateway.tables import DISASTERS


@dataclass(frozen=True, slots=True)
class Order:
    until: datetime
    ended: datetime | None

    def open(self, now: datetime) -> bool:
        return self.ended is None and now < self.until


class Disasters:
    """The commission's orders; this process alone writes them, so they are kept in memory too."""

    def __init__(self, engine: Engine, log: GatewayLog) -> None:
        self._engine = engine
        self._log = log
        with engine.connect() as connection:
            self._orders = {row.order: Order(row.until, row.ended) for row in connection.execute(select(DISASTERS))}

    async def open_disaster(self, call: Call, request: DisasterOrder) -> None:
        """Open the law tuples marked for disasters, until a time or until the order is ended. An order counts once."""
        if request.order in self._orders or request.until <= call.now:
            raise Refusal("order_expired")
        await self._mark(call, f"disaster opened: {request.order}")
        row = {"order": request.order, "words": request.words, "opened": call.now, "until": request.until}
        with self._engine.begin() as connection:
            connection.execute(insert(DISASTERS).values(row))
        self._orders[request.order] = Order(request.until, None)

    async def end_disaster(self, call: Call, request: DisasterEnd) -> None:
        """Close what an order has opened."""
        order = self._orders.get(request.order)
        if order is None:
            raise Refusal("not_found")
        if not order.open(call.now):
            raise Refusal("order_expired")
        await self._mark(call, f"disaster closed: {request.order}")
        with self._engine.begin() as connection:
            ended = update(DISASTERS).where(DISASTERS.c.order == request.order).values(ended=call.now)
            connection.execute(ended)
        self._orders[request.order] = Order(order.until, call.now)

    def in_force(self, now: datetime) -> str:
        """The order under which disaster tuples are open now; empty when none is."""
        return next((name for name, order in self._orders.items() if order.open(now)), "")

    async def _mark(self, call: Call, mark: str) -> None:
        # Before it counts: an exception that is open and not in the log must never be.
        await self._log.append([Entry("mark", self._log.number(call.now), call.now, mark=mark)])
