"""What must not be lost while the line or the power is down: payments under way, by their keys. No card's number.

Everything here may block; each step is one transaction, synced. One file for all processes of a place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.db import Table

BUSY_S = 5.0


class Elsewhere(Exception):
    """Another process is at work on payments right now."""


@dataclass(frozen=True, slots=True)
class Under:
    """A payment under way: the patient has said yes. Kept until its receipt was given and the practice told."""

    key: str
    """The idempotency key, made before anything was sent."""
    bill: str
    """The practice's own name of the bill."""
    card: str
    """A tag of the card that pays: says nothing of its holder."""
    amount: int
    """Yen."""
    receipt: str = ""
    """Empty until it is known that it was paid."""
    at: str = ""
    """When it was paid: ISO 8601 with offset."""
    given: int = 0
    """1 when the patient has the receipt, and the practice has not been told yet."""


class Outbox:
    """Payments under way, and whose card has which reception number today."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder, readable by its owner alone, when it is not there."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / "till.db"
        self._lock = folder / "till.lock"

    def begin(self, payment: Under) -> Under:
        """Write a payment down before it is sent. A bill has one at a time: gives the one that is there."""
        with self._open() as (payments, _):
            payments.insert(asdict(payment), ignore=True)
            return next(_found(payments, "bill = ?", payment.bill))

    def paid(self, key: str, receipt: str, at: str) -> None:
        """It was paid; what is left is to say so to everybody."""
        with self._open() as (payments, _):
            payments.update(key, {"receipt": receipt, "at": at})

    def given(self, key: str) -> None:
        """The patient has the receipt; what is left is to tell the practice."""
        with self._open() as (payments, _):
            payments.update(key, {"given": 1})

    def forget(self, key: str) -> None:
        """Nothing is left to do."""
        with self._open() as (payments, _):
            payments.delete_where("key = ?", [key])

    def under_way(self) -> list[Under]:
        """All payments, the oldest first."""
        with self._open() as (payments, _):
            return list(_found(payments, "1 = 1"))

    def remember(self, card: str, number: str, day: date) -> None:
        """The card with this tag has this reception number today; other days are forgotten."""
        with self._open() as (_, cards):
            cards.delete_where("day <> ?", [day.isoformat()])
            cards.upsert({"card": card, "number": number, "day": day.isoformat()}, pk="card")

    def number_of(self, card: str, day: date) -> str | None:
        """The reception number of a card, if it was at the reception on that day."""
        with self._open() as (_, cards):
            row = next(iter(cards.rows_where("card = ? AND day = ?", [card, day.isoformat()])), None)
            return None if row is None else str(row["number"])

    @contextmanager
    def alone(self, wait_s: float = BUSY_S) -> Iterator[None]:
        """Keep other processes away from payments; a process that dies lets go. Raises Elsewhere."""
        # Taken in a thread, as it may wait, and let go in another.
        lock = sqlite3.connect(self._lock, timeout=wait_s, isolation_level=None, check_same_thread=False)
        with closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as exc:
                raise Elsewhere from exc
            yield

    @contextmanager
    def _open(self) -> Iterator[tuple[Table, Table]]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                yield _tables(Database(connection))


def _tables(database: Database) -> tuple[Table, Table]:
    payments, cards = database.table("payments"), database.table("cards")
    texts = dict.fromkeys(("key", "bill", "card", "receipt", "at"), str)
    payments.create({**texts, "amount": int, "given": int}, pk="key", if_not_exists=True)
    payments.create_index(["bill"], unique=True, if_not_exists=True)
    cards.create({"card": str, "number": str, "day": str}, pk="card", if_not_exists=True)
    return payments, cards


def _found(payments: Table, where: str, *values: str) -> Iterator[Under]:
    return (Under(**row) for row in payments.rows_where(where, list(values), order_by="rowid"))
