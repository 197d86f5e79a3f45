"""What writes: rows into the database in a transaction, and the same leaves into the tree once it is committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, func, select

from backend_stub.bulk import chunks, insert_rows
from backend_stub.database import retried
from backend_stub.gateway.log.entry import LogAltered
from backend_stub.gateway.log.rows import Written
from backend_stub.gateway.log.subjects import Subjects
from backend_stub.gateway.log.tables import AUDIT, LEAVES, SUBJECTS
from backend_stub.gateway.log.tree import Tree

AuditRow = tuple[Any, ...]
"""The columns of AUDIT after the id."""


class Deed(Protocol):
    """Something to do in the same transaction."""

    def do(self, connection: Connection) -> Sequence[Written]:
        """Do it; gives what is to be appended."""

    @property
    def forgotten(self) -> int:
        """The last position whose person is deleted by it; -1: nobody's is."""


class Pen:
    """Used by the writer's thread alone, but for the tree, from which others read what is committed."""

    def __init__(self, engine: Engine, tree: Tree, subjects: Subjects) -> None:
        self._engine = engine
        self._tree = tree
        self._subjects = subjects
        self._next_audit = 0
        self._connection: Connection | None = None
        """Held: to take one from the pool for each commit would cost as much as the commit."""
        self._in_doubt = False
        """After a commit that failed it may still have happened."""

    @retried
    def write(self, written: Sequence[Written], audits: Sequence[AuditRow], deed: Deed | None = None) -> None:
        """Commit all of it, with what `deed` does and wants appended, or nothing. Raises sqlalchemy.exc.DBAPIError."""
        if self._in_doubt:
            self.catch_up()
        self._in_doubt = True
        with self._transaction() as connection:
            if deed is not None:
                written = [*written, *deed.do(connection)]
                self._subjects.forget(deed.forgotten)  # at once: a commit that fails may have happened
            fresh = _without_known_receipts(connection, written)
            self._insert_leaves(connection, fresh)
            insert_rows(connection, AUDIT, [(i, *row) for i, row in enumerate(audits, self._next_audit)])
        self._subjects.add((at, one.subject) for at, one in enumerate(fresh, self._tree.size) if one.subject)
        self._tree.extend(one.hash for one in fresh)
        self._next_audit += len(audits)
        self._in_doubt = False

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Commit at its end; after any failure the next one has a new connection."""
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            with self._connection.begin():
                yield self._connection
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection; it comes back when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _insert_leaves(self, connection: Connection, fresh: Sequence[Written]) -> None:
        size = self._tree.size
        insert_rows(connection, LEAVES, [(at, *one.row) for at, one in enumerate(fresh, size)])
        subjects = [(at, one.subject, one.hidden_until) for at, one in enumerate(fresh, size) if one.subject]
        insert_rows(connection, SUBJECTS, subjects)

    def catch_up(self) -> None:
        """Take into tree and subjects what the database has beyond them. Raises LogAltered when a leaf is missing."""
        found = select(LEAVES.c.position, LEAVES.c.hash).where(LEAVES.c.position >= self._tree.size)
        with self._engine.connect() as connection:
            for rows in connection.execute(found.order_by(LEAVES.c.position)).partitions(10_000):
                if rows[-1].position != self._tree.size + len(rows) - 1:
                    raise LogAltered(f"of the leaves before {rows[-1].position} some are missing")
                self._tree.extend(row.hash for row in rows)
            self._subjects.catch_up(connection)
            last = connection.execute(select(func.max(AUDIT.c.id))).scalar()
        self._next_audit = 0 if last is None else last + 1
        self._in_doubt = False


def _without_known_receipts(connection: Connection, written: Sequence[Written]) -> Sequence[Written]:
    """A receipt that is there already counts once."""
    numbers = [one.entry.number for one in written if one.entry.what == "receipt"]
    if not numbers:
        return written
    known: set[bytes] = set()
    for some in chunks(numbers):
        found = select(LEAVES.c.number).where(LEAVES.c.number.in_(some), LEAVES.c.what == "receipt")
        known.update(connection.execute(found).scalars())
    fresh = []
    for one in written:
        if one.entry.what == "receipt":
            if one.entry.number in known:
                continue
            known.add(one.entry.number)
        fresh.append(one)
    return fresh
