"""The gateway's log put together."""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from backend_client.wire import (
    Audit,
    Consistency,
    Inclusion,
    LawWords,
    Leaf,
    Leaves,
    ProvenRecord,
    Record,
    RecordCounts,
)
from backend_client.wire.gateway import NUMBER_BYTES
from backend_client.wire.log import ProvenReceipt, SignedHead
from backend_stub.body import Call
from backend_stub.gateway.log.entry import Entry, Event, NoSuchTree
from backend_stub.gateway.log.heads import Heads, Witness
from backend_stub.gateway.log.live import Listener, Live
from backend_stub.gateway.log.pen import Pen
from backend_stub.gateway.log.records import Excerpt, Records
from backend_stub.gateway.log.retention import TERM, Deletion, purge
from backend_stub.gateway.log.rows import Scribe, microseconds_of
from backend_stub.gateway.log.subjects import Subjects
from backend_stub.gateway.log.tree import Tree
from backend_stub.gateway.log.words import WordsBook
from backend_stub.gateway.log.writer import Writer
from backend_stub.gateway.master import Master
from backend_stub.gateway.transaction import TransactionNumbers
from backend_stub.keyfile import keep
from backend_stub.metrics import Figure

log = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(days=1)
"""How often what is past its term is looked for."""


class GatewayLog:
    """Items ①–⑥ by transaction number in a Merkle tree, found again by person; and what went wrong beside them."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        master: Master,
        clock: Callable[[], datetime],
        words: Iterable[LawWords] = (),
        term: timedelta = TERM,
    ) -> None:
        """Open on tables that exist; `folder` has `log.key`, made at first start. Raises LogAltered."""
        self._engine = engine
        self._words = WordsBook(engine)
        self._words.learn(words)
        scribe = Scribe(self._words, master.derive(b"subject", 32))
        self._scribe = scribe
        self._subjects = subjects = Subjects(engine)
        self._records = Records(engine, scribe, self._words, subjects)
        self._tree = Tree()
        pen = Pen(engine, self._tree, subjects)
        pen.catch_up()
        self._heads = Heads(engine, self._tree, _log_key(folder), clock)
        self._live = Live(self._words)
        self._writer = Writer(pen, self._heads, subjects, self._live.tell)
        weakref.finalize(self, self._writer.stop)
        self._term = term
        self._next_sweep = datetime.min.replace(tzinfo=UTC)
        self._sweep: asyncio.Task[None] | None = None
        self._numbers = TransactionNumbers(self._records.last_number() or bytes(NUMBER_BYTES))
        self._happened: Counter[str] = Counter()

    def learn(self, words: Iterable[LawWords]) -> None:
        """Take in new wordings; entries name them by edition. Raises sqlalchemy.exc.DBAPIError."""
        self._words.learn(words)

    def words(self, edition: str) -> LawWords:
        """Give the wording that a leaf names."""
        return self._words.words(edition)

    def number(self, now: datetime) -> bytes:
        """Give the next transaction number."""
        return self._numbers.next(now)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Append, all or none; durable when it returns. A receipt that is there already counts once.

        Raises sqlalchemy.exc.DBAPIError when nothing was written, ValueError for an entry that could not be kept.
        """
        write = self._scribe.write
        await self._writer.write([write(entry) for entry in entries])
        if entries and entries[0].at >= self._next_sweep:
            self._begin_sweep(entries[0].at)

    async def audit(self, call: Call, event: Event, *, number: bytes = b"", law: str = "", detail: str = "") -> None:
        """Write what is no exchange. `law` and `detail` are ids and codes of this house, never what a caller wrote."""
        number = number or self.number(call.now)
        row = (microseconds_of(call.now), event.value, call.machine.id, law, detail, number, call.trace_id)
        await self._writer.write((), (row,))
        self._happened[event.value] += 1

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What operators watch."""
        return (
            Figure("log_leaves", "Leaves in the log.", lambda: {"": self._tree.size}),
            Figure("log_unindexed", "Leaves found by person in memory alone.", lambda: {"": self._subjects.behind}),
            Figure("log_waiting", "Requests that wait for the log to be written.", lambda: {"": self._writer.waiting}),
            Figure("audit_events", "Audit events, alarms among them.", lambda: self._happened, only_grows=True),
        )

    def of(self, person: bytes, now: datetime) -> tuple[Record, ...]:
        """Collect the exchanges about one person, newest first, in the words of their time, without what is hidden."""
        return self._records.of(person, now)

    def page(self, person: bytes, excerpt: Excerpt, now: datetime) -> tuple[tuple[Record, ...], int | None]:
        """Collect some of them, newest first, and the cursor for the next ones."""
        return self._records.page(person, excerpt, now)

    def counts(self, person: bytes, now: datetime) -> RecordCounts:
        """Count them by month and by requester."""
        return self._records.counts(person, now)

    def by_number(self, number: bytes) -> tuple[Leaf, ...]:
        """Find the leaves of one transaction: the exchange, and its receipt if there is one."""
        return self._records.by_number(number)

    def proof(self, person: bytes, number: bytes, now: datetime) -> ProvenRecord:
        """Give one exchange with what proves it to anybody. Raises NoSuchRecord, also while it is hidden."""
        position, leaf = self._records.placed(person, number, now)
        receipt = self._records.receipt(number)
        head = self._heads.fresh(1 + (position if receipt is None else max(position, receipt[0])))
        return ProvenRecord(
            leaf=leaf,
            words=self._words.words(leaf.edition),
            inclusion=self._inclusion(position, head.size),
            head=head,
            receipt=receipt and ProvenReceipt(leaf=receipt[1], inclusion=self._inclusion(receipt[0], head.size)),
        )

    def head(self) -> SignedHead:
        """Give the newest signed head."""
        return self._heads.newest

    def consistency(self, old: int, new: int) -> Consistency:
        """Prove that the tree of `old` leaves is the beginning of that of `new`. Raises NoSuchTree."""
        if not 0 < old <= new <= self._heads.newest.size:
            raise NoSuchTree
        return Consistency(old=old, new=new, path=tuple(node.hex() for node in self._tree.consistency(old, new)))

    def leaves(self, start: int, limit: int) -> Leaves:
        """Give leaves from position `start` on, for the commission, hidden ones too."""
        return self._records.leaves(start, limit, self._tree.size)

    def audits(self, since: datetime, until: datetime) -> Audit:
        """Give the audit of a time, oldest first."""
        return self._records.audit(since, until)

    def events(self) -> Listener:
        """Listen to what happens from now on: an asynchronous iterator of Happenings."""
        return self._live.listen()

    def watched_by(self, witness: Witness) -> None:
        """Let `witness` have every new signed head."""
        self._heads.watched_by(witness)

    async def forget(self, now: datetime) -> None:
        """Delete the personal part of what is past its term; the log does it by itself once a day while it is used.

        Raises sqlalchemy.exc.DBAPIError.
        """
        deletion = Deletion(self._scribe, self.number(now), now, self._term)
        await self._writer.write((), (), deletion)
        if deletion.anything:
            await asyncio.to_thread(purge, self._engine)

    async def close(self) -> None:
        """Write what was handed in, end all streams, and stop."""
        if self._sweep is not None:
            await self._sweep
        self._writer.stop()
        await self._writer.ended()
        self._live.end()

    def _inclusion(self, index: int, size: int) -> Inclusion:
        path = self._tree.inclusion(index, size)
        return Inclusion(index=index, size=size, path=tuple(node.hex() for node in path))

    def _begin_sweep(self, now: datetime) -> None:
        self._next_sweep = now + SWEEP_EVERY
        self._sweep = asyncio.create_task(self._sweep_once(now))

    async def _sweep_once(self, now: datetime) -> None:
        try:
            await self.forget(now)
        except DBAPIError as exc:
            log.error("what is past its term was not deleted: %s", type(exc.orig).__name__)


def _log_key(folder: Path) -> Ed25519PrivateKey:
    new = Ed25519PrivateKey.generate
    return Ed25519PrivateKey.from_private_bytes(keep(folder / "log.key", lambda: new().private_bytes_raw()))
