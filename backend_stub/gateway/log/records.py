"""Reading the log: by person, by number, by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, or_, select

from backend_client.wire import AgencyCount, Audit, Leaf, Leaves, Record, RecordCounts
from backend_client.wire.gateway import shown
from backend_stub.bulk import MOST_KEYS, chunks
from backend_stub.gateway.log.entry import NoSuchRecord
from backend_stub.gateway.log.live import happening
from backend_stub.gateway.log.rows import Scribe, microseconds_of, moment_of
from backend_stub.gateway.log.subjects import Subjects
from backend_stub.gateway.log.tables import AUDIT, LEAVES, SUBJECTS
from backend_stub.gateway.log.words import WordsBook

MOST_LEAVES = 10_000
MOST_AUDITS = 10_000
JST = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Which of somebody's records."""

    most: int
    before: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    requester: str | None = None

    @property
    def everything(self) -> bool:
        return self.since is None and self.until is None and self.requester is None


class Records:
    """What is in the database, as messages. Raises LogAltered when a row is not what was written."""

    def __init__(self, engine: Engine, scribe: Scribe, words: WordsBook, subjects: Subjects) -> None:
        self._subjects = subjects
        self._engine = engine
        self._scribe = scribe
        self._words = words

    def of(self, person: bytes, now: datetime) -> tuple[Record, ...]:
        """Collect the exchanges about one person, newest first, in the words of their time, without what is hidden."""
        with self._engine.connect() as connection:
            rows = self._about(connection, person, now)
        receipts = self._receipts(row.number for row in rows if not row.outcome)
        return tuple(self._record(row, self._scribe.read(row), receipts) for row in rows)

    def page(self, person: bytes, excerpt: Excerpt, now: datetime) -> tuple[tuple[Record, ...], int | None]:
        """Collect some of them: the newest `most` that fit and stand before the cursor, and the next cursor."""
        rows: list[Any] = []
        before, most = excerpt.before, excerpt.most
        step = most + 1 if excerpt.everything else MOST_KEYS
        found = self._seen(now).where(*self._fitting(excerpt))
        with self._engine.connect() as connection:
            subject = self._scribe.subject(person)
            while len(rows) <= most:
                positions = self._subjects.newest(connection, subject, before, step)
                if not positions:
                    break
                before = positions[-1]
                for some in chunks(positions):
                    rows += connection.execute(found.where(LEAVES.c.position.in_(some)))
        shown, more = rows[:most], len(rows) > most
        receipts = self._receipts(row.number for row in shown if not row.outcome)
        records = tuple(self._record(row, self._scribe.read(row), receipts) for row in shown)
        return records, shown[-1].position if more else None

    def counts(self, person: bytes, now: datetime) -> RecordCounts:
        """Count them by month (in Japan) and by requester."""
        months: Counter[str] = Counter()
        requesters: Counter[str] = Counter()
        names: dict[str, str] = {}
        with self._engine.connect() as connection:
            for row in self._about(connection, person, now):
                words = self._words.words(self._words.edition_of(row.words))
                months[f"{moment_of(row.at).astimezone(JST):%Y-%m}"] += 1
                requesters[words.requester] += 1
                names.setdefault(words.requester, words.requester_words)  # the newest name
        agencies = (AgencyCount(agency=one, name=names[one], records=n) for one, n in requesters.most_common())
        return RecordCounts(months=tuple(sorted(months.items(), reverse=True)), agencies=tuple(agencies))

    def placed(self, person: bytes, number: bytes, now: datetime) -> tuple[int, Leaf]:
        """Find one exchange about a person: position and leaf. Raises NoSuchRecord."""
        with self._engine.connect() as connection:
            for row in self._about(connection, person, now):
                if row.number == number:
                    return row.position, self._scribe.read(row)
        raise NoSuchRecord

    def receipt(self, number: bytes) -> tuple[int, Leaf] | None:
        """Find the receipt of a transaction, if it has come: position and leaf."""
        found = select(LEAVES).where(LEAVES.c.number == number, LEAVES.c.what == "receipt")
        with self._engine.connect() as connection:
            row = connection.execute(found).first()
        return None if row is None else (row.position, self._scribe.read(row))

    def by_number(self, number: bytes) -> tuple[Leaf, ...]:
        """Find the leaves of one transaction: an exchange, and its receipt if there is one."""
        found = select(LEAVES).where(LEAVES.c.number == number).order_by(LEAVES.c.position)
        with self._engine.connect() as connection:
            return tuple(self._scribe.read(row) for row in connection.execute(found))

    def leaves(self, start: int, limit: int, size: int) -> Leaves:
        """Give leaves from position `start` on, at most `limit` and 10,000, with the wordings they name."""
        end = min(size, start + min(limit, MOST_LEAVES))
        found = select(LEAVES).where(LEAVES.c.position >= start, LEAVES.c.position < end).order_by(LEAVES.c.position)
        with self._engine.connect() as connection:
            leaves = tuple(self._scribe.read(row) for row in connection.execute(found))
        return Leaves(leaves=leaves, size=size, words=self._words.named_in(leaves))

    def audit(self, since: datetime, until: datetime) -> Audit:
        """Give what went wrong or was out of the ordinary in a time, oldest first, at most 10,000."""
        within = AUDIT.c.at >= microseconds_of(since), AUDIT.c.at < microseconds_of(until)
        found = select(*AUDIT.c[1:]).where(*within).order_by(AUDIT.c.at, AUDIT.c.id).limit(MOST_AUDITS)
        with self._engine.connect() as connection:
            return Audit(happenings=tuple(happening(tuple(row)) for row in connection.execute(found)))

    def last_number(self) -> bytes:
        """The highest transaction number ever given out, as far as it was written; empty bytes at the beginning."""
        with self._engine.connect() as connection:
            leaf = connection.execute(select(LEAVES.c.number).order_by(LEAVES.c.number.desc()).limit(1)).scalar()
            audit = connection.execute(select(AUDIT.c.number).order_by(AUDIT.c.id.desc()).limit(1)).scalar()
        return max(leaf or b"", audit or b"")

    def _about(self, connection: Connection, person: bytes, now: datetime) -> list[Any]:
        """Rows of the exchanges a person may see now, newest first."""
        found = self._seen(now)
        rows: list[Any] = []
        for some in chunks(self._subjects.positions(connection, self._scribe.subject(person))):
            rows += connection.execute(found.where(LEAVES.c.position.in_(some)))
        return rows

    def _seen(self, now: datetime) -> Select[Any]:
        """Exchanges that are not hidden from whom they are about, newest first."""
        hidden_until = SUBJECTS.c.hidden_until
        seen = or_(hidden_until.is_(None), hidden_until <= microseconds_of(now))
        found = select(LEAVES).join(SUBJECTS, SUBJECTS.c.position == LEAVES.c.position)
        return found.where(LEAVES.c.what == "exchange", seen).order_by(LEAVES.c.position.desc())

    def _fitting(self, excerpt: Excerpt) -> Iterator[ColumnElement[bool]]:
        if excerpt.since is not None:
            yield LEAVES.c.at >= microseconds_of(excerpt.since)
        if excerpt.until is not None:
            yield LEAVES.c.at < microseconds_of(excerpt.until)
        if excerpt.requester is not None:
            yield LEAVES.c.words.in_(self._words.ids_of(excerpt.requester))

    def _receipts(self, numbers: Iterable[bytes]) -> dict[bytes, str]:
        """Outcomes that came later, by transaction number."""
        outcomes = {}
        with self._engine.connect() as connection:
            for some in chunks(list(numbers)):
                found = select(LEAVES.c.number, LEAVES.c.outcome).where(
                    LEAVES.c.number.in_(some), LEAVES.c.what == "receipt"
                )
                outcomes.update({row.number: row.outcome for row in connection.execute(found)})
        return outcomes

    def _record(self, row: Any, leaf: Leaf, receipts: dict[bytes, str]) -> Record:
        words = self._words.words(leaf.edition)
        return Record(
            transaction_number=shown(row.number),
            at=moment_of(row.at),
            basis=words.basis,
            requester=words.requester_words,
            provider=words.provider_words,
            kind=words.kind_words,
            purpose=words.purpose,
            outcome=leaf.outcome or receipts.get(row.number, ""),
            mark=leaf.mark,
            words=words,
        )
