"""What an agency keeps for its work: its clients by its own symbols, what it holds of them, what it has sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
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

from backend_stub.database import retried

TABLES = MetaData(info={"migrations": "agency"})
"""All of an agency's database; the tables of its part of the log are in `parts.py`."""

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
    Column("automatic", Boolean, nullable=False),
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
    automatic: bool = True
    """False: 自動応答不可, a person decides each time."""


class Book:
    """One agency's clients. `reference` is its own number for a client, known to nobody else."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def add_clients(self, symbols: Mapping[str, str], holdings: Sequence[Held]) -> None:
        """Keep new clients (symbol by reference) and what is held of them, all or nothing."""
        clients = [{"reference": reference, "symbol": symbol} for reference, symbol in symbols.items()]
        rows = [asdict(held) for held in holdings]
        with self._engine.begin() as connection:
            connection.execute(insert(CLIENTS), clients)
            if rows:
                connection.execute(insert(HOLDINGS), rows)

    def symbol(self, reference: str) -> str | None:
        """What to call the client towards the gateway; None for who is no client."""
        with self._engine.connect() as connection:
            return connection.execute(select(CLIENTS.c.symbol).where(CLIENTS.c.reference == reference)).scalar()

    def held(self, symbols: Sequence[str], kind: str) -> dict[str, Held]:
        """What is held of some clients, by symbol; those of whom nothing is held are left out."""
        found = select(CLIENTS.c.symbol, HOLDINGS).join_from(CLIENTS, HOLDINGS)
        found = found.where(CLIENTS.c.symbol.in_(symbols), HOLDINGS.c.kind == kind)
        with self._engine.connect() as connection:
            return {
                symbol: Held(reference, kind, as_of, payload, automatic)
                for symbol, reference, kind, as_of, automatic, payload in connection.execute(found)
            }

    def sent(self, mailing: str, reference: str) -> None:
        self._insert(SENT, {"mailing": mailing, "reference": reference})

    def has_sent(self, mailing: str, reference: str) -> bool:
        return self._any(select(SENT.c.mailing).where(SENT.c.mailing == mailing, SENT.c.reference == reference))

    def opened(self, certificate_hash: bytes) -> None:
        self._insert(FOLDERS, {"certificate_hash": certificate_hash})

    def has_opened(self, certificate_hash: bytes) -> bool:
        return self._any(select(FOLDERS).where(FOLDERS.c.certificate_hash == certificate_hash))

    @retried
    def _insert(self, table: Table, row: dict[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(table).values(row))

    def _any(self, question: Select[Any]) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(question.limit(1)).first() is not None
