"""The end of the personal part: after its term a record says nothing of whom it was about, and the tree stands.

What is deleted is the pseudonym of the person beside each leaf and the audit rows; the leaf stays for good, and a mark
in the log says what was deleted up to where. SQLite overwrites what is deleted (`secure_delete`) and PostgreSQL is
vacuumed, so that it is gone from the files too; copies made by an operator are the operator's to delete.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, select, text, tuple_

from backend_client.wire.gateway import NUMBER_BYTES
from backend_stub.gateway.log.entry import Entry
from backend_stub.gateway.log.rows import Scribe, Written, microseconds_of, text_of
from backend_stub.gateway.log.tables import AUDIT, LEAVES, SUBJECT_INDEX, SUBJECTS
from backend_stub.gateway.transaction import TIME_BYTES

TERM = timedelta(days=7 * 365 + 2)
"""Seven years. Source: gateway reference, section 2.2 (retention by cabinet order)."""


class Deletion:
    """One deletion of all that is older than `limit`, as a deed of the writer's. `number` is for its mark."""

    def __init__(self, scribe: Scribe, number: bytes, now: datetime, term: timedelta) -> None:
        self._scribe = scribe
        self._number = number
        self._now = now
        self._limit = now - term
        self.forgotten = -1
        """The last leaf that is past the term."""
        self.anything = False

    def do(self, connection: Connection) -> Sequence[Written]:
        """Delete in the caller's transaction; gives the mark to append in the same one, none if nothing was old."""
        self.forgotten = self._last_leaf(connection)
        persons = self._delete_persons(connection)
        old = AUDIT.c.at < microseconds_of(self._limit)
        last_audit = connection.execute(select(func.max(AUDIT.c.id)).where(old)).scalar()
        audits = connection.execute(delete(AUDIT).where(old)).rowcount
        self.anything = bool(persons or audits)
        if not self.anything:
            return ()
        mark = (
            f"deleted: {persons} persons up to leaf {self.forgotten}, "
            f"{audits} audit rows up to {last_audit}, before {text_of(self._limit)}"
        )
        return (self._scribe.write(Entry("mark", self._number, self._now, mark=mark)),)

    def _last_leaf(self, connection: Connection) -> int:
        # The numbers sort by time and have an index, which the times have not.
        first_kept = int(self._limit.timestamp() * 1000).to_bytes(TIME_BYTES) + bytes(NUMBER_BYTES - TIME_BYTES)
        older = select(LEAVES.c.position).where(LEAVES.c.number < first_kept)
        last: int | None = connection.execute(older.order_by(LEAVES.c.number.desc()).limit(1)).scalar()
        return -1 if last is None else last

    def _delete_persons(self, connection: Connection) -> int:
        old = SUBJECTS.c.position <= self.forgotten
        indexed = tuple_(SUBJECT_INDEX.c.subject, SUBJECT_INDEX.c.position)
        connection.execute(
            delete(SUBJECT_INDEX).where(indexed.in_(select(SUBJECTS.c.subject, SUBJECTS.c.position).where(old)))
        )
        return connection.execute(delete(SUBJECTS).where(old)).rowcount


def purge(engine: Engine) -> None:
    """Let the database drop what deleted rows left behind in its files. Raises sqlalchemy.exc.DBAPIError."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("PRAGMA wal_checkpoint(TRUNCATE)" if sqlite else "VACUUM subjects, subject_index, audit")
        )
