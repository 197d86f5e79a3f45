"""Disaster orders: the commission opens and closes the exception, and keeps its own record of it.

The record is written before the gateway hears of an order, so that none is ever open without it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from backend_client.wire import DisasterEnd, DisasterEntry, DisasterOrder, DisasterRecord
from backend_stub.body import Call, Clock, Refusal
from backend_stub.commission.archive import Archive
from backend_stub.commission.facts import Order
from backend_stub.commission.tables import DISASTERS
from backend_stub.commission.witness import GATEWAY
from backend_stub.database import retried
from backend_stub.peers import Peers


class DisasterDesk:
    """All raise Refusal; what the gateway says of an order counts."""

    def __init__(self, engine: Engine, peers: Peers, clock: Clock, archive: Archive) -> None:
        self._engine = engine
        self._peers = peers
        self._clock = clock
        self._archive = archive

    async def open_disaster(self, call: Call, request: DisasterOrder) -> None:
        """Open the law tuples marked for disasters, until a time or until the order is ended."""
        self._record(request, call.now)
        await self._peers.ask(GATEWAY, "/disasters", request, None, call.trace_id)
        self._set(request.order, "opened", call.now)

    async def end_disaster(self, call: Call, request: DisasterEnd) -> None:
        """Close what an order has opened."""
        await self._peers.ask(GATEWAY, "/disaster-ends", request, None, call.trace_id)
        self._set(request.order, "ended", self._clock())

    async def list_disasters(self, _call: Call, _message: None) -> DisasterRecord:
        """Tell everybody which orders there were and are."""
        return DisasterRecord(orders=self._entries())

    def orders(self) -> dict[str, Order]:
        """The orders by number. Where the gateway's answer was lost, its log says when it opened and closed."""
        marks = {leaf.mark: datetime.fromisoformat(leaf.at) for leaf in self._archive.marks()}
        return {
            one.order: Order(
                one.until,
                one.opened or marks.get(f"disaster opened: {one.order}"),
                one.ended or marks.get(f"disaster closed: {one.order}"),
            )
            for one in self._entries()
        }

    def _entries(self) -> tuple[DisasterEntry, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(DISASTERS).order_by(DISASTERS.c.asked.desc())).mappings()
            return tuple(DisasterEntry(**row) for row in rows)

    @retried
    def _record(self, request: DisasterOrder, now: datetime) -> None:
        """Write down an order. One that was opened before, or in other words, is not taken."""
        row = {"order": request.order, "words": request.words, "until": request.until}
        with self._engine.begin() as connection:
            known = connection.execute(select(DISASTERS).where(DISASTERS.c.order == request.order)).mappings().first()
            if known is None:
                connection.execute(insert(DISASTERS).values(asked=now, **row))
            elif known["opened"] is not None or {name: known[name] for name in row} != row:
                raise Refusal("order_expired")

    @retried
    def _set(self, order: str, what: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(DISASTERS).where(DISASTERS.c.order == order).values({what: at}))
