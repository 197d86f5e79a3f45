"""What the gateway has told, kept apart from it: leaves, wordings and audit; and the law as the commission reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Table, func, insert, select

from backend_client.proof import leaf_hash
from backend_client.wire import Happening, LawWords, Leaf, canonical, edition
from backend_client.wire.gateway import number_of
from backend_stub.commission.facts import Exchange, Tuple
from backend_stub.commission.tables import HAPPENINGS, LEAVES, TUPLES, WORDS
from backend_stub.database import retried
from backend_stub.gateway.law import LawTable

AT_ONCE = 500


class Archive:
    """All raise sqlalchemy.exc.DBAPIError."""

    def __init__(self, engine: Engine, laws: LawTable, now: datetime) -> None:
        """`laws` is public: what the legislator laid down, not what the gateway says it follows."""
        self._engine = engine
        self._disaster = frozenset(law.id for law in laws if law.disaster)
        with engine.begin() as connection:
            _add(connection, WORDS, [_words_row(law.words) for law in laws], "edition")
            known = [{"edition": law.edition, "law": law.id, "since": now} for law in laws]
            _add(connection, TUPLES, known, "edition")

    # --- what comes in

    @retried
    def add_leaves(self, start: int, leaves: Sequence[Leaf], words: Iterable[LawWords]) -> None:
        """Keep leaves from position `start` on, and the wordings they name."""
        with self._engine.begin() as connection:
            _add(connection, WORDS, [_words_row(one) for one in words], "edition")
            law_of = self._laws_by_edition(connection)
            rows = [_leaf_row(at, leaf, law_of) for at, leaf in enumerate(leaves, start)]
            if rows:
                connection.execute(insert(LEAVES), rows)

    @retried
    def add_happenings(self, happenings: Iterable[Happening]) -> None:
        """Keep those that are new."""
        rows = [_happening_row(one) for one in happenings]
        with self._engine.begin() as connection:
            for some in _chunks(rows):
                keys = [row["number"] for row in some]
                found = select(HAPPENINGS.c.number, HAPPENINGS.c.event).where(HAPPENINGS.c.number.in_(keys))
                known = {tuple(row) for row in connection.execute(found)}
                new = {(row["number"], row["event"]): row for row in some}
                if left := [row for key, row in new.items() if key not in known]:
                    connection.execute(insert(HAPPENINGS), left)

    # --- what there is

    def hashes(self) -> Iterator[bytes]:
        """The hashes of all leaves, in order."""
        with self._engine.connect() as connection:
            yield from connection.execute(select(LEAVES.c.hash).order_by(LEAVES.c.position)).scalars()

    def newest(self) -> datetime | None:
        """The time of the last leaf."""
        with self._engine.connect() as connection:
            last = select(LEAVES.c.at).order_by(LEAVES.c.position.desc()).limit(1)
            at: datetime | None = connection.execute(last).scalar()
        return at

    def oldest(self) -> datetime | None:
        """The time of the first leaf."""
        with self._engine.connect() as connection:
            at: datetime | None = connection.execute(select(LEAVES.c.at).where(LEAVES.c.position == 0)).scalar()
        return at

    def last_happening(self) -> datetime | None:
        """The time of the last row of the audit."""
        with self._engine.connect() as connection:
            last = select(HAPPENINGS.c.at).order_by(HAPPENINGS.c.at.desc()).limit(1)
            at: datetime | None = connection.execute(last).scalar()
        return at

    def exchanges(self, since: datetime, until: datetime) -> tuple[Exchange, ...]:
        """The exchanges of a time, with their receipts, in the order of the log."""
        within = (LEAVES.c.what == "exchange", LEAVES.c.at >= since, LEAVES.c.at < until)
        with self._engine.connect() as connection:
            return self._exchanges(connection, select(LEAVES).where(*within).order_by(LEAVES.c.position))

    def exchanges_of(self, numbers: Iterable[str]) -> dict[str, Exchange]:
        """Exchanges by transaction number, of those numbers that there are."""
        found: dict[str, Exchange] = {}
        with self._engine.connect() as connection:
            for some in _chunks([hexed for number in numbers if (hexed := _hex(number))]):
                mine = select(LEAVES).where(LEAVES.c.what == "exchange", LEAVES.c.number.in_(some))
                found.update({one.number: one for one in self._exchanges(connection, mine)})
        return found

    def marks(self) -> tuple[Leaf, ...]:
        """All marks: disasters opened and closed, personal parts deleted."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(LEAVES).where(LEAVES.c.what == "mark").order_by(LEAVES.c.position))
            return tuple(_leaf(row) for row in rows)

    def happenings(self, since: datetime, until: datetime) -> tuple[Happening, ...]:
        """The audit of a time, oldest first."""
        within = (HAPPENINGS.c.at >= since, HAPPENINGS.c.at < until)
        found = select(HAPPENINGS.c.happening).where(*within).order_by(HAPPENINGS.c.at, HAPPENINGS.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(found).scalars().all()
        return tuple(msgspec.json.decode(row, type=Happening) for row in rows)

    def editions(self) -> frozenset[str]:
        """The wordings that are or were law."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(select(TUPLES.c.edition)).scalars())

    def tuples(self) -> dict[str, Tuple]:
        """Law tuples by id."""
        first = select(func.min(LEAVES.c.position)).where(LEAVES.c.what == "exchange").group_by(LEAVES.c.law)
        used = select(LEAVES.c.law, LEAVES.c.number).where(LEAVES.c.position.in_(first))
        since = select(TUPLES.c.law, func.min(TUPLES.c.since)).group_by(TUPLES.c.law)
        with self._engine.connect() as connection:
            first_use = {row.law: row.number for row in connection.execute(used)}
            known = connection.execute(since).all()
        return {law: Tuple(at, first_use.get(law, ""), law in self._disaster) for law, at in known}

    def _exchanges(self, connection: Connection, found: Any) -> tuple[Exchange, ...]:
        leaves = [(row.at, _leaf(row)) for row in connection.execute(found)]
        words = {
            row.edition: msgspec.json.decode(row.words, type=LawWords) for row in connection.execute(select(WORDS))
        }
        receipts: dict[str, Leaf] = {}
        for some in _chunks([leaf.number for _, leaf in leaves if leaf.transport == "token"]):
            mine = select(LEAVES).where(LEAVES.c.number.in_(some), LEAVES.c.what == "receipt")
            receipts.update({row.number: _leaf(row) for row in connection.execute(mine)})
        return tuple(Exchange(at, leaf, words[leaf.edition], receipts.get(leaf.number)) for at, leaf in leaves)

    @staticmethod
    def _laws_by_edition(connection: Connection) -> dict[str, str]:
        rows = connection.execute(select(WORDS))
        return {row.edition: msgspec.json.decode(row.words, type=LawWords).law for row in rows}


def _words_row(words: LawWords) -> dict[str, str]:
    return {"edition": edition(words), "words": canonical(words).decode()}


def _leaf_row(position: int, leaf: Leaf, law_of: dict[str, str]) -> dict[str, Any]:
    return {
        "position": position,
        "number": leaf.number,
        "at": datetime.fromisoformat(leaf.at),
        "what": leaf.what,
        "law": law_of[leaf.edition] if leaf.edition else "",
        "leaf": canonical(leaf).decode(),
        "hash": leaf_hash(leaf),
    }


def _happening_row(one: Happening) -> dict[str, Any]:
    happening = msgspec.json.encode(one).decode()
    return {"number": one.transaction_number, "event": one.event, "at": one.at, "happening": happening}


def _leaf(row: Any) -> Leaf:
    return msgspec.json.decode(row.leaf, type=Leaf)


def _hex(number: str) -> str:
    """A transaction number as leaves have it; empty for what is none."""
    try:
        return number_of(number).hex()
    except ValueError:
        return ""


def _add(connection: Connection, table: Table, rows: list[dict[str, Any]], key: str) -> None:
    """Add the rows whose key is new."""
    known = set(connection.execute(select(table.c[key])).scalars())
    new = {row[key]: row for row in rows if row[key] not in known}
    if new:
        connection.execute(insert(table), list(new.values()))


def _chunks(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), AT_ONCE):
        yield things[start : start + AT_ONCE]
