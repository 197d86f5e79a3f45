"""Receipts on their way to the gateway: in order, until they arrive, whatever stops in between."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, Row, delete, func, select, update
from sqlalchemy.exc import DBAPIError

from backend_client.wire import Outcome, Receipt, Receipts
from backend_stub.agencies.parts import OUTBOX
from backend_stub.body import Refusal
from backend_stub.database import retried
from backend_stub.peers import Peers

log = logging.getLogger(__name__)

MOST = 1000
"""Receipts in one message."""
FOR_GOOD = frozenset({"bad_request", "content_wrong", "not_allowed"})
"""The gateway knows no such exchange (its database may be an older one): the receipt is kept but not sent again."""
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0


class Outbox:
    """Posts what `PartLog` has put there. A receipt is posted again after a crash; the gateway counts it once."""

    def __init__(self, engine: Engine, peers: Peers, agency: str) -> None:
        self._engine = engine
        self._peers = peers
        self._agency = agency
        self._one_at_a_time = asyncio.Lock()
        self._new = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def kick(self) -> None:
        """Have what is there posted soon, without waiting for it."""
        self._new.set()
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._until_empty())

    async def post(self) -> None:
        """Post everything now. Raises Refusal and sqlalchemy.exc.DBAPIError; what was not taken stays."""
        async with self._one_at_a_time:
            while rows := self._oldest():
                await self._post(rows)

    async def close(self) -> None:
        """Stop posting; what is left waits for the next start."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])

    async def _post(self, rows: Sequence[Row[Any]]) -> None:
        receipts = Receipts(receipts=tuple(map(_receipt, rows)))
        try:
            await self._peers.ask("gateway", "/receipts", receipts, None, uuid4().hex)
        except Refusal as refusal:
            if refusal.code not in FOR_GOOD:
                raise
            if len(rows) == 1:
                self._set_aside(rows[0], refusal)
            else:  # one of them spoils the message
                for row in rows:
                    await self._post([row])
        else:
            self._done(rows)

    async def _until_empty(self) -> None:
        wait_s = 0.0
        while True:
            self._new.clear()
            try:
                return await self.post()
            except (Refusal, DBAPIError) as exc:
                if not wait_s:  # said once, not at each try
                    log.warning("%s: receipts wait for the gateway: %s", self._agency, _why(exc))
            wait_s = min(2 * wait_s or FIRST_WAIT_S, LONGEST_WAIT_S)
            await self._pause(wait_s)

    async def _pause(self, wait_s: float) -> None:
        """Wait; a new receipt is a reason to try at once, for its token came from a gateway that was up."""
        try:
            async with asyncio.timeout(wait_s):
                await self._new.wait()
        except TimeoutError:
            return

    def waiting(self) -> Mapping[str, float]:
        """How many receipts the gateway has not taken, for operators. Raises sqlalchemy.exc.DBAPIError."""
        with self._engine.connect() as connection:
            return {"": connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one()}

    def _oldest(self) -> Sequence[Row[Any]]:
        with self._engine.connect() as connection:
            waiting = select(OUTBOX).where(OUTBOX.c.refused.is_(None)).order_by(OUTBOX.c.place)
            return connection.execute(waiting.limit(MOST)).all()

    @retried
    def _done(self, rows: Sequence[Row[Any]]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.place.in_([row.place for row in rows])))

    @retried
    def _set_aside(self, row: Row[Any], refusal: Refusal) -> None:
        log.error("%s: a receipt was refused for good: %s, trace %s", self._agency, refusal.code, refusal.trace_id)
        with self._engine.begin() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.place == row.place).values(refused=refusal.code))


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        transaction_number=row.transaction_number,
        outcome=Outcome(row.outcome),
        provider=row.provider,
        content=row.content,
    )


def _why(exc: Refusal | DBAPIError) -> str:
    return exc.code if isinstance(exc, Refusal) else type(exc.orig).__name__
