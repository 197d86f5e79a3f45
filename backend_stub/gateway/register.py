"""Symbols given out and renewed, and what the portal tells their holders."""

from __future__ import annotations

from base64 import b64decode

from backend_client.wire import (
    AcquisitionBatch,
    AcquisitionNumber,
    GatewayRecords,
    Link,
    LinkBatch,
    ProofRequest,
    ProvenRecord,
    RecordCounts,
    RecordsRequest,
    SymbolBatch,
    SymbolGrant,
    SymbolMigration,
)
from backend_client.wire.gateway import number_of
from backend_stub.body import Call, Refusal
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.log import Event, Excerpt, GatewayLog, NoSuchRecord
from backend_stub.gateway.symbols import PERSON_BYTES
from backend_stub.peers import Peers

AUTHORITY = "authority"


class SymbolRegister:
    """Gives symbols out, and tells the portal what was exchanged about the holder of one."""

    def __init__(self, checkpoint: Checkpoint, log: GatewayLog, peers: Peers) -> None:
        self._checkpoint = checkpoint
        self._log = log
        self._peers = peers

    async def grant_symbol(self, call: Call, acquisition: AcquisitionNumber) -> SymbolGrant:
        """Give the asking body its own symbol for the person behind an acquisition number."""
        link: Link = await self._peers.ask(AUTHORITY, "/links", acquisition, Link, call.trace_id)
        return SymbolGrant(symbol=await self._grant(call, link))

    async def grant_symbol_batch(self, call: Call, batch: AcquisitionBatch) -> SymbolBatch:
        """Give the asking body its own symbols for several people, all or none."""
        linked: LinkBatch = await self._peers.ask(AUTHORITY, "/link-batches", batch, LinkBatch, call.trace_id)
        if len(linked.links) != len(batch.numbers):
            raise Refusal("peer_unavailable", AUTHORITY)
        return SymbolBatch(symbols=tuple([await self._grant(call, link) for link in linked.links]))

    async def migrate_symbol(self, call: Call, migration: SymbolMigration) -> SymbolGrant:
        """Give the present symbol for an old one; shown the present one, use it towards the caller from now on."""
        return SymbolGrant(symbol=await self._checkpoint.migrate(call, migration.symbol))

    async def records(self, call: Call, request: RecordsRequest) -> GatewayRecords:
        """List the exchanges about the holder of the portal's symbol, newest first."""
        person = await self._checkpoint.person(call, request.symbol)
        if request.most == 0:
            return GatewayRecords(records=self._log.of(person, call.now))
        excerpt = Excerpt(request.most, request.before, request.since, request.until, request.requester)
        records, after = self._log.page(person, excerpt, call.now)
        return GatewayRecords(records=records, next=after)

    async def record_counts(self, call: Call, request: RecordsRequest) -> RecordCounts:
        """Count the exchanges about the holder of the portal's symbol by month and by requester."""
        return self._log.counts(await self._checkpoint.person(call, request.symbol), call.now)

    async def prove_record(self, call: Call, request: ProofRequest) -> ProvenRecord:
        """Give one exchange about the holder of the portal's symbol, with what proves it to anybody."""
        person = await self._checkpoint.person(call, request.symbol)
        try:
            return self._log.proof(person, number_of(request.transaction_number), call.now)
        except (NoSuchRecord, ValueError) as exc:
            raise Refusal("not_found") from exc

    async def _grant(self, call: Call, link: Link) -> str:
        if link.for_body != call.machine.id:
            raise await self._checkpoint.alarm(call, Event.FOREIGN_ACQUISITION, "not_allowed")
        return self._checkpoint.issue(call, _person(link))


def _person(link: Link) -> bytes:
    try:
        person = b64decode(link.person, validate=True)
    except ValueError as exc:
        raise Refusal("peer_unavailable", AUTHORITY) from exc
    if len(person) != PERSON_BYTES:
        raise Refusal("peer_unavailable", AUTHORITY)
    return person
