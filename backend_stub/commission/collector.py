"""Fetching what the gateway has: leaves under a witnessed head, and the audit. Where it left off, it goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from backend_client.proof import leaf_hash
from backend_client.wire import Audit, AuditRequest, Finding, Leaf, Leaves, LeavesRequest, SignedHead, edition
from backend_stub.body import Clock
from backend_stub.commission.archive import Archive
from backend_stub.commission.findings import FindingBook
from backend_stub.commission.growth import Growth
from backend_stub.commission.witness import GATEWAY, Witness
from backend_stub.peers import Peers

OVERLAP = timedelta(minutes=5)
"""Rows of the audit are of the time a request began, and may come later than others that began after it."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
MOST_HAPPENINGS = 10_000
"""In one answer of the gateway's."""


class Collector:
    """Nothing is missed: leaves go by position, the audit by time with an overlap. All raise Refusal and DBAPIError."""

    def __init__(self, peers: Peers, clock: Clock, witness: Witness, archive: Archive, findings: FindingBook) -> None:
        self._peers = peers
        self._clock = clock
        self._witness = witness
        self._archive = archive
        self._findings = findings
        self._growth = Growth(archive.hashes())
        self._one_at_a_time = asyncio.Lock()
        self.complete_until = archive.newest() or BEGINNING
        """What was logged before this time is here."""

    async def catch_up(self) -> None:
        """Fetch what is new. Leaves that do not make the tree the gateway has signed are not kept: a finding."""
        async with self._one_at_a_time:
            trace_id, now = uuid4().hex, self._clock()
            head: SignedHead = await self._peers.read(GATEWAY, "/head", SignedHead, trace_id)
            sound = await self._witness.take(head, now, trace_id)
            if sound and await self._fetch_leaves(head, now, trace_id):
                self.complete_until = now
            await self._fetch_happenings(now, trace_id)

    async def _fetch_leaves(self, head: SignedHead, now: datetime, trace_id: str) -> bool:
        """Fetch up to the head, in pieces, and keep them if they make its root; whether they did."""
        growth, pieces = self._growth.copy(), []
        while growth.size < head.size:
            start = growth.size
            piece: Leaves = await self._peers.ask(GATEWAY, "/leaves", LeavesRequest(start=start), Leaves, trace_id)
            leaves = piece.leaves[: head.size - start]
            if not leaves or not _named(leaves, piece):
                break
            pieces.append((start, leaves, piece.words))
            for leaf in leaves:
                growth.add(leaf_hash(leaf))
        if growth.size > head.size:  # a head of earlier, whose leaves are here
            return True
        if growth.root().hex() != head.root:
            words = f"the leaves from {self._growth.size} on do not make the head of {head.size} leaves, {head.at}"
            finding = Finding(rule="leaves_altered", body=GATEWAY, transaction_number="", words=words)
            self._findings.keep((finding,), now)
            return False
        for start, leaves, words_of in pieces:
            self._archive.add_leaves(start, leaves, words_of)
        self._growth = growth
        return True

    async def _fetch_happenings(self, now: datetime, trace_id: str) -> None:
        last = self._archive.last_happening()
        since = BEGINNING if last is None else last - OVERLAP
        while True:
            request = AuditRequest(since=since, until=now + OVERLAP)
            audit: Audit = await self._peers.ask(GATEWAY, "/audits", request, Audit, trace_id)
            self._archive.add_happenings(audit.happenings)
            if len(audit.happenings) < MOST_HAPPENINGS or audit.happenings[-1].at == since:
                return
            since = audit.happenings[-1].at


def _named(leaves: tuple[Leaf, ...], piece: Leaves) -> bool:
    """Whether every wording that leaves name came with them."""
    return {leaf.edition for leaf in leaves} - {""} <= {edition(words) for words in piece.words}
