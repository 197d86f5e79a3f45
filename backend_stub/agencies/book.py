"""What an agency keeps: its clients by its own symbols, what it holds of them, and its part of the three-party log."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Engine,
    ForeignKey,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    insert,
    select,
)

from backend_client.wire import ExchangeAnswer
from backend_stub.agencies.file import Ask, Desk
from backend_stub.database import Moment

TABLES = MetaData()

CLIENTS = Table(
    "clients",
    TABLES,
    Column("reference", String(40), primary_key=True),
    Column("symbol", String(66), nullable=False, unique=True),
)
HOLDINGS = Table(
    "holdings",
    TABLES,
    Column("reference", String(40), ForeignKey(CLIENTS.c.reference), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("data_as_of", Date, nullable=False),
    Column("payload", JSON, nullable=False),
)
PROVIDED = Table(
    "provided",
    TABLES,
    Column("transaction_number", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reference", String(40), nullable=False),
    Column("department", String(100), nullable=False),
    Column("terminal", String(100), nullable=False),
    Column("payload", JSON, nullable=False),
)
ASKED = Table(
    "asked",
    TABLES,
    Column("transaction_number", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reference", String(40), nullable=False),
    Column("law", String(40), nullable=False),
    Column("department", String(100), nullable=False),
    Column("terminal", String(100), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("payload", JSON, nullable=False),
)
SENT = Table(
    "sent",
    TABLES,
    Column("mailing", String(40), primary_key=True),
    Column("reference", String(40), primary_key=True),
)
FOLDERS = Table("folders", TABLES, Column("certificate_hash", LargeBinary(32), primary_key=True))
"""Cards for which a folder was opened at the counter."""


@dataclass(frozen=True, slots=True)
class Held:
    """The agency's copy (副本) of one kind of information about one client."""

    reference: str
    kind: str
    data_as_of: date
    payload: dict[str, str]


class Book:
    """One agency's database. `reference` is its own number for a client, known to nobody else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_client(self, reference: str, symbol: str, holdings: tuple[Held, ...]) -> None:
        """Keep a new client and what is held of it, both or neither."""
        rows = [asdict(held) for held in holdings]
        with self._engine.begin() as connection:
            connection.execute(insert(CLIENTS).values(reference=reference, symbol=symbol))
            if rows:
                connection.execute(insert(HOLDINGS), rows)

    def symbol(self, reference: str) -> str | None:
        """What to call the client towards the gateway; None for who is no client."""
        with self._engine.connect() as connection:
            return connection.execute(select(CLIENTS.c.symbol).where(CLIENTS.c.reference == reference)).scalar()

    def held(self, symbol: str, kind: str) -> Held | None:
        found = select(HOLDINGS).join(CLIENTS).where(CLIENTS.c.symbol == symbol, HOLDINGS.c.kind == kind)
        with self._engine.connect() as connection:
            row = connection.execute(found).one_or_none()
        return None if row is None else Held(row.reference, row.kind, row.data_as_of, row.payload)

    def provided(self, number: str, at: datetime, desk: Desk, held: Held) -> None:
        """Write ⑧ ⑩ ⑪; durable when this returns."""
        row = {"transaction_number": number, "at": at, "reference": held.reference, "payload": held.payload}
        self._insert(PROVIDED, row | _desk(desk))

    def asked(self, answer: ExchangeAnswer, at: datetime, reference: str, ask: Ask) -> None:
        """Write ⑦ ⑨ ⑪ ⑫; durable when this returns."""
        row = {"transaction_number": answer.transaction_number, "at": at, "reference": reference, "law": ask.law}
        self._insert(ASKED, row | _desk(ask.desk) | {"purpose": ask.purpose, "payload": answer.payload})

    def has_asked(self, reference: str, law: str) -> bool:
        return self._any(select(ASKED.c.law).where(ASKED.c.reference == reference, ASKED.c.law == law))

    def sent(self, mailing: str, reference: str) -> None:
        self._insert(SENT, {"mailing": mailing, "reference": reference})

    def has_sent(self, mailing: str, reference: str) -> bool:
        return self._any(select(SENT.c.mailing).where(SENT.c.mailing == mailing, SENT.c.reference == reference))

    def opened(self, certificate_hash: bytes) -> None:
        self._insert(FOLDERS, {"certificate_hash": certificate_hash})

    def has_opened(self, certificate_hash: bytes) -> bool:
        return self._any(select(FOLDERS).where(FOLDERS.c.certificate_hash == certificate_hash))

    def _insert(self, table: Table, row: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(table).values(row))

    def _any(self, question: Select[Any]) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(question.limit(1)).first() is not None


def _desk(desk: Desk) -> dict[str, str]:
    return {"department": desk.department, "terminal": desk.terminal}
