"""Consent: where a law tuple needs it, the person has agreed through the portal, and may take it back at any time."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Engine, delete, insert

from backend_client.wire import ConsentGiven, ConsentWithdrawn
from backend_stub.body import Call, Refusal
from backend_stub.database import Moment
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.law import Law, LawForbids, LawTable
from backend_stub.gateway.master import Master
from backend_stub.gateway.tables import CONSENTS
from backend_stub.hot import HotLookUp

UNTIL = "SELECT until FROM consents WHERE holder = ?"


class Consents:
    """Kept as a pseudonym of person and law tuple: nothing in it leads to a symbol, nor from one tuple to another."""

    def __init__(self, engine: Engine, master: Master, laws: LawTable, checkpoint: Checkpoint) -> None:
        self._engine = engine
        self._key = master.derive(b"consent", 32)
        self._laws = laws
        self._checkpoint = checkpoint
        self._until = HotLookUp(engine, UNTIL)
        self._moment = Moment()

    async def give_consent(self, call: Call, given: ConsentGiven) -> None:
        """Let a law tuple be used for the holder of the portal's symbol until a time; the newest word counts."""
        law = self._law(given.law)
        holder = self._holder(await self._checkpoint.person(call, given.symbol), law)
        if given.until <= call.now:
            raise Refusal("content_wrong")
        with self._engine.begin() as connection:
            connection.execute(delete(CONSENTS).where((CONSENTS.c.holder == holder) | (CONSENTS.c.until <= call.now)))
            connection.execute(insert(CONSENTS).values(holder=holder, until=given.until))

    async def withdraw_consent(self, call: Call, withdrawn: ConsentWithdrawn) -> None:
        """Take a consent back: from now on the law tuple is not used for this person."""
        law = self._law(withdrawn.law)
        holder = self._holder(await self._checkpoint.person(call, withdrawn.symbol), law)
        with self._engine.begin() as connection:
            connection.execute(delete(CONSENTS).where(CONSENTS.c.holder == holder))

    def in_force(self, person: bytes, law: Law, now: datetime) -> bool:
        """Whether the person lets this law tuple be used now. Raises sqlalchemy.exc.DBAPIError."""
        row = self._until.row(self._holder(person, law))
        until = self._moment.process_result_value(row[0], self._engine.dialect) if row is not None else None
        return until is not None and now < until

    def close(self) -> None:
        """Let go of the connection; it comes back when it is needed."""
        self._until.close()

    def _law(self, law_id: str) -> Law:
        try:
            law = self._laws.get(law_id)
        except LawForbids as exc:
            raise Refusal("law_forbids") from exc
        if not law.consent:
            raise Refusal("law_forbids")
        return law

    def _holder(self, person: bytes, law: Law) -> bytes:
        return blake2b(person + law.id.encode(), key=self._key, digest_size=16).digest()
