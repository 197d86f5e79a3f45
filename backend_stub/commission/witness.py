"""The second witness of the gateway's signed heads: the log can only grow, and nobody can cut it off unseen."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
from sqlalchemy import Engine, insert, select

from backend_client.proof import HeadForged, NotTheSameLog, check_consistency, check_head
from backend_client.wire import Consistency, Finding, SignedHead
from backend_stub.body import Refusal
from backend_stub.commission.findings import FindingBook
from backend_stub.commission.tables import HEADS
from backend_stub.database import retried
from backend_stub.peers import Peers

GATEWAY = "gateway"


class Witness:
    """Keeps every head, each held against the newest one. The key of the first head counts from then on."""

    def __init__(self, engine: Engine, peers: Peers, findings: FindingBook) -> None:
        self._engine = engine
        self._peers = peers
        self._findings = findings
        self._one_at_a_time = asyncio.Lock()

    async def take(self, head: SignedHead, now: datetime, trace_id: str) -> bool:
        """Check a head and keep it; whether it is sound. Raises Refusal when the gateway does not prove it now."""
        async with self._one_at_a_time:
            newest = self.newest() or head
            try:
                check_head(head, newest.key)
            except HeadForged:
                self._found("head_forged", f"a head of {head.size} leaves is not signed by the log's key", now)
                return False
            sound = await self._grows(newest, head, trace_id)
            self._keep(head, sound)
            if not sound:
                words = f"the heads of {head.size} leaves, {head.at}, and of {newest.size} are not of one log"
                self._found("head_inconsistent", words, now)
            return sound

    def newest(self) -> SignedHead | None:
        """The largest head that was sound."""
        found = select(HEADS.c.head).where(HEADS.c.sound).order_by(HEADS.c.size.desc()).limit(1)
        with self._engine.connect() as connection:
            kept = connection.execute(found).scalar()
        return None if kept is None else msgspec.json.decode(kept, type=SignedHead)

    async def _grows(self, newest: SignedHead, head: SignedHead, trace_id: str) -> bool:
        """Whether the smaller of two trees is the beginning of the larger, and the later one is not the smaller."""
        if head.size < newest.size and head.at > newest.at:
            return False
        old, new = sorted((newest, head), key=lambda one: one.size)
        try:
            check_consistency(old, new, await self._proof(old.size, new.size, trace_id))
        except NotTheSameLog:
            return False
        return True

    async def _proof(self, old: int, new: int, trace_id: str) -> Consistency:
        if old in (0, new):
            return Consistency(old=old, new=new, path=())
        try:
            proof: Consistency = await self._peers.read(GATEWAY, f"/consistency/{old}/{new}", Consistency, trace_id)
        except Refusal as refusal:
            if refusal.code != "not_found":
                raise
            raise NotTheSameLog from refusal  # it has signed both sizes, and knows one of them no more
        return proof

    @retried
    def _keep(self, head: SignedHead, sound: bool) -> None:
        mine = HEADS.c.size == head.size, HEADS.c.root == head.root
        row = {"size": head.size, "root": head.root, "head": msgspec.json.encode(head).decode(), "sound": sound}
        with self._engine.begin() as connection:
            if connection.execute(select(HEADS.c.size).where(*mine)).first() is None:
                connection.execute(insert(HEADS).values(row))

    def _found(self, rule: str, words: str, now: datetime) -> None:
        self._findings.keep((Finding(rule=rule, body=GATEWAY, transaction_number="", words=words),), now)
