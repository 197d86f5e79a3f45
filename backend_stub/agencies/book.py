"""What an agency keeps for its work: its clients by its own symbols, what it holds of them, what it has sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    ForeignKey,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from backend_client.wire import PersonChange
from backend_stub.agencies.file import registered
from backend_stub.database import retried
from backend_stub.holding import HeldSymbols, beside

TABLES = MetaData(info={"migrations": "agency"})
"""All of an agency's database; the tables of its part of the log are in `parts.py`."""
AUTHORITY = "authority"

CLIENTS = Table(
    "clients",
    TABLES,
    Column("reference", String(40), primary_key=True),
    Column("symbol", String(66), nullable=False, unique=True),
    Column("handle", String(64), nullable=False, index=True),  # towards the authority, for synchronisation alone
)
SYMBOLS_BESIDE = beside(TABLES)
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
HEARD = Table(
    "heard",
    TABLES,
    Column("from_whom", String(16), primary_key=True),  # the authority
    Column("cursor", BigInteger, nullable=False),
    Column("day", Date, nullable=False),  # the last on which everything was heard
)
"""How far the changes of its clients' four items were heard and applied; moves with what was applied, or not at all."""


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody the agency knows, by what it calls them towards others."""

    symbol: str
    """Towards the gateway."""
    handle: str
    """Towards the authority."""


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

    def __init__(self, engine: Engine, symbols: HeldSymbols) -> None:
        self._engine = engine
        self._symbols = symbols

    @retried
    def add_clients(self, clients: Mapping[str, Client], holdings: Sequence[Held], today: date) -> None:
        """Keep new clients (by reference) and what is held of them, all or nothing.

        Who had no clients before has missed no change of theirs.
        """
        rows = [{"reference": reference} | asdict(client) for reference, client in clients.items()]
        held = [asdict(one) for one in holdings]
        with self._engine.begin() as connection:
            connection.execute(insert(CLIENTS), rows)
            if held:
                connection.execute(insert(HOLDINGS), held)
            if connection.execute(select(HEARD)).first() is None:
                connection.execute(insert(HEARD).values(from_whom=AUTHORITY, cursor=0, day=today))

    def symbol(self, reference: str) -> str | None:
        """What to call the client towards the gateway; None for who is no client."""
        with self._engine.connect() as connection:
            return connection.execute(select(CLIENTS.c.symbol).where(CLIENTS.c.reference == reference)).scalar()

    def held(self, symbols: Sequence[str], kind: str) -> dict[str, Held]:
        """What is held of some clients, by symbol; those of whom nothing is held are left out."""
        found = self._held(symbols, kind)
        in_use = self._symbols.in_use([symbol for symbol in symbols if symbol not in found])
        again = self._held(tuple(in_use.values()), kind) if in_use else {}
        return found | {other: again[symbol] for other, symbol in in_use.items() if symbol in again}

    def heard(self) -> tuple[int, date | None]:
        """How far the authority was heard, and the day on which it was heard to the end."""
        with self._engine.connect() as connection:
            row = connection.execute(select(HEARD)).first()
        return (0, None) if row is None else (row.cursor, row.day)

    @retried
    def hear(self, changes: Sequence[PersonChange], register: str, cursor: int, day: date | None) -> None:
        """Apply what became of clients, and keep how far was heard (and on which day to the end), all or nothing.

        `register` is the kind under which this agency holds everybody's four items, if it does. Who is no longer
        registered is in no register; the four items elsewhere are changed where they are held.
        """
        with self._engine.begin() as connection:
            for change in changes:
                reference = _reference(connection, change.handle)
                if reference is not None:
                    _apply(connection, reference, change, register)
            new = {"cursor": cursor} | ({} if day is None else {"day": day})
            if not connection.execute(update(HEARD).values(new)).rowcount:
                connection.execute(insert(HEARD).values({"from_whom": AUTHORITY, "day": date.min} | new))

    def _held(self, symbols: Sequence[str], kind: str) -> dict[str, Held]:
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


def _reference(connection: Connection, handle: str) -> str | None:
    return connection.execute(select(CLIENTS.c.reference).where(CLIENTS.c.handle == handle)).scalar()


def _apply(connection: Connection, reference: str, change: PersonChange, register: str) -> None:
    of_client = HOLDINGS.c.reference == reference
    if change.items is None:
        connection.execute(delete(HOLDINGS).where(of_client, HOLDINGS.c.kind == register))
        return
    items = registered(change.items)
    for row in connection.execute(select(HOLDINGS).where(of_client)).all():
        payload = row.payload | {name: items[name] for name in row.payload.keys() & items.keys()}
        if payload != row.payload:
            new = {"payload": payload} | ({"data_as_of": change.on} if row.kind == register else {})
            connection.execute(update(HOLDINGS).where(of_client, HOLDINGS.c.kind == row.kind).values(new))
