"""Finding a person's leaves, without paying for it on the way of each exchange.

Pseudonyms are random, so an index over them costs a page of the database for each row. Rows therefore go in by
position, and are found in memory at first; the index takes them in later, many at a time and sorted, while nobody
waits. What a crash leaves undone is done again at the next start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import Connection, Engine, bindparam, select, update

from backend_stub.bulk import insert_rows
from backend_stub.gateway.log.tables import INDEXED, SUBJECT_INDEX, SUBJECTS

BLOCK = 32_768
"""Rows sorted together: the more, the fewer pages each costs."""
SLICE = 1024
"""Rows in one transaction: what a request may have to wait for."""
MOST_BEHIND = 4 * BLOCK
"""Beyond it the index grows also while requests wait."""
_FOUND = select(SUBJECT_INDEX.c.position).where(SUBJECT_INDEX.c.subject == bindparam("subject"))
_NEWEST = (
    _FOUND.where(SUBJECT_INDEX.c.position < bindparam("end"))
    .order_by(SUBJECT_INDEX.c.position.desc())
    .limit(bindparam("most"))
)
Block = dict[bytes, list[int]]
"""Positions by pseudonym, in order."""
Row = tuple[bytes, int]
"""Pseudonym and position."""


class Subjects:
    """`add`, `forget` and `index_some` belong to the writer's thread, `positions` and `newest` to anybody."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._filling: Block = {}
        self._indexing: Block = {}
        self._sorted: Iterator[Row] = iter(())
        """What is being indexed, in the index's order."""
        self._behind = 0
        self._end = self._block_end = self._indexed_up_to()

    def add(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Take in rows that are committed: position and pseudonym."""
        filling = self._filling
        for position, subject in rows:
            filling.setdefault(subject, []).append(position)
            self._behind += 1
            self._end = position + 1

    def catch_up(self, connection: Connection) -> None:
        """Take in what the database has beyond the last row added."""
        rest = select(SUBJECTS.c.position, SUBJECTS.c.subject).where(SUBJECTS.c.position >= self._end)
        self.add((row.position, row.subject) for row in connection.execute(rest.order_by(SUBJECTS.c.position)).all())

    def forget(self, last: int) -> None:
        """Let nothing up to position `last` be found, nor come into the index any more: its persons are deleted."""
        if last < 0:  # as on most days
            return
        self._filling, self._indexing = _after(last, self._filling), _after(last, self._indexing)
        self._sorted = iter(_in_order(self._indexing))
        self._behind = _count(self._filling) + _count(self._indexing)

    def positions(self, connection: Connection, subject: bytes) -> list[int]:
        """Find the leaves about somebody, newest first."""
        # In this order: rows go from the first to the second to the third, and are never in none.
        found = {*self._filling.get(subject, ())}
        found.update(self._indexing.get(subject, ()))
        found.update(connection.execute(_FOUND, {"subject": subject}).scalars())
        return sorted(found, reverse=True)

    def newest(self, connection: Connection, subject: bytes, before: int | None, most: int) -> list[int]:
        """Find at most so many leaves about somebody that stand before a position, newest first."""
        end = self._end if before is None else before
        found = {*_newest(self._filling.get(subject, []), end, most)}
        found.update(_newest(self._indexing.get(subject, []), end, most))
        found.update(connection.execute(_NEWEST, {"subject": subject, "end": end, "most": most}).scalars())
        return sorted(found, reverse=True)[:most]

    @property
    def waiting(self) -> bool:
        """Whether there is something to index."""
        return bool(self._indexing) or self._behind >= BLOCK

    @property
    def behind(self) -> int:
        """Rows that are found in memory alone."""
        return self._behind

    @property
    def pressing(self) -> bool:
        return self._behind > MOST_BEHIND

    def index_some(self) -> None:
        """Index one slice in a transaction of its own. Raises sqlalchemy.exc.DBAPIError."""
        if not self._indexing:
            self._begin_block()
        rows = tuple(islice(self._sorted, SLICE))
        try:
            self._take_in(rows)
        except BaseException:
            self._sorted = iter(_in_order(self._indexing))  # from the beginning: what is there is passed over
            raise

    def _begin_block(self) -> None:
        self._indexing, self._filling = self._filling, {}
        self._block_end = self._end
        self._sorted = iter(_in_order(self._indexing))

    def _take_in(self, rows: Sequence[Row]) -> None:
        with self._engine.begin() as connection:
            if rows:
                insert_rows(connection, SUBJECT_INDEX, rows, keep_known=True)
            else:
                connection.execute(update(INDEXED).values(up_to=self._block_end))
        if not rows:
            self._behind -= _count(self._indexing)
            self._indexing = {}

    def _indexed_up_to(self) -> int:
        with self._engine.begin() as connection:
            insert_rows(connection, INDEXED, [(0, 0)], keep_known=True)
            up_to: int = connection.execute(select(INDEXED.c.up_to)).scalar_one()
        return up_to


def _newest(positions: list[int], end: int, most: int) -> list[int]:
    """Of positions in order."""
    stop = bisect_left(positions, end)
    return positions[max(0, stop - most) : stop]


def _after(last: int, block: Block) -> Block:
    kept = {subject: positions[bisect_right(positions, last) :] for subject, positions in block.items()}
    return {subject: positions for subject, positions in kept.items() if positions}


def _in_order(block: Block) -> list[Row]:
    return [(subject, position) for subject in sorted(block) for position in block[subject]]


def _count(block: Block) -> int:
    return sum(map(len, block.values()))
