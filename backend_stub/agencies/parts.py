"""An agency's part of the three-party log: ⑦ ⑨ ⑪ ⑫ where it asked, ⑧ ⑩ ⑪ where it answered, each with its salts.

The gateway's tree holds commitments to these parts, so they can be opened for the commission but not changed.
Each is durable before what it speaks of leaves the agency. Source: gateway reference, sections 1 and 4.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from backend_client.wire import ContentPart, Opened, Outcome, PartsRequest, ProviderPart, Receipt, RequesterPart
from backend_client.wire.log import commitment
from backend_stub.agencies.book import TABLES
from backend_stub.database import Moment, retried

ORDER_CHARACTERS = 100

ASKED = Table(
    "asked",
    TABLES,
    Column("commitment", LargeBinary(32), primary_key=True),
    Column("transaction_number", String(40), unique=True),
    Column("at", Moment, nullable=False),
    Column("reference", String(40), nullable=False),
    Column("law", String(40), nullable=False),
    Column("department", String(100), nullable=False),
    Column("terminal", String(100), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("salt", String(44), nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("payload", JSON),
    Column("content_salt", String(44)),
)
"""Written before the asking; the number follows, and the outcome with the answer."""
PROVIDED = Table(
    "provided",
    TABLES,
    Column("transaction_number", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reference", String(40), nullable=False),
    Column("department", String(100), nullable=False),
    Column("terminal", String(100), nullable=False),
    Column("salt", String(44), nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("content_salt", String(44), nullable=False),
)
"""Its key is also what makes an access token count once."""
OUTBOX = Table(
    "outbox",
    TABLES,
    Column("place", Integer, primary_key=True),
    Column("transaction_number", String(40), nullable=False),
    Column("outcome", String(40), nullable=False),
    Column("provider", String(44), nullable=False),
    Column("content", String(44), nullable=False),
    Column("refused", String(40)),
)
"""Receipts the gateway has not taken yet, in order; written with the parts they speak of, both or neither."""
ORDERS = Table(
    "orders",
    TABLES,
    Column("place", Integer, primary_key=True),
    Column("order", String(ORDER_CHARACTERS), nullable=False),
    Column("at", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)
"""Under which orders the commission has read these parts."""
for _table in (ASKED, PROVIDED, ORDERS):
    Index(f"{_table.name}_at", _table.c.at)


class UsedBefore(Exception):
    """One of the transaction numbers was answered before; nothing was written."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of the provider, and what commits to it."""

    number: str
    reference: str
    outcome: Outcome
    provider: ProviderPart
    content: ContentPart

    @property
    def receipt(self) -> Receipt:
        return Receipt(
            transaction_number=self.number,
            outcome=self.outcome,
            provider=_text(commitment(self.provider)),
            content=_text(commitment(self.content)),
        )


class PartLog:
    """One agency's part. What a method has written is durable when it returns; all raise sqlalchemy.exc.DBAPIError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- as requester

    @retried
    def asking(self, asks: Sequence[tuple[str, RequesterPart]], law: str, at: datetime) -> tuple[bytes, ...]:
        """Write ⑦ ⑨ ⑫ for each reference; gives the commitments, in the same order."""
        rows = [_asking(reference, part, law, at) for reference, part in asks]
        with self._engine.begin() as connection:
            connection.execute(insert(ASKED), rows)
        return tuple(row["commitment"] for row in rows)

    def numbered(self, numbers: Sequence[tuple[bytes, str]]) -> None:
        """Write ① that the gateway has given, each with the commitment it is for."""
        self._complete([{"one": one, "transaction_number": number} for one, number in numbers])

    def answered(self, answers: Sequence[tuple[bytes, str, Outcome, ContentPart | None]]) -> None:
        """Write ① and ⑪ of answers that came: the requester's commitment, number, outcome, content."""
        rows = [
            {
                "one": one,
                "transaction_number": number,
                "outcome": outcome.value,
                "payload": content.payload if content else None,
                "content_salt": content.salt if content else None,
            }
            for one, number, outcome, content in answers
        ]
        self._complete(rows)

    @retried
    def refused(self, commitments: Sequence[bytes]) -> None:
        """Take back what was not exchanged."""
        with self._engine.begin() as connection:
            connection.execute(delete(ASKED).where(ASKED.c.commitment.in_(commitments)))

    def has_asked(self, reference: str, law: str) -> bool:
        """Whether an answer came."""
        one = select(ASKED.c.law).where(ASKED.c.reference == reference, ASKED.c.law == law, ASKED.c.outcome != "")
        with self._engine.connect() as connection:
            return connection.execute(one.limit(1)).first() is not None

    @retried
    def _complete(self, rows: list[dict[str, Any]]) -> None:
        new: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "one"}
        with self._engine.begin() as connection:
            connection.execute(update(ASKED).where(ASKED.c.commitment == bindparam("one")).values(new), rows)

    # --- as provider

    @retried
    def provided(self, given: Sequence[Given], at: datetime, receipts: Sequence[Receipt] = ()) -> None:
        """Write ⑧ ⑩ ⑪ and what the gateway is to hear of it, all or nothing. Raises UsedBefore."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(PROVIDED), [_provided(one, at) for one in given])
                if receipts:
                    connection.execute(insert(OUTBOX), [_outgoing(receipt) for receipt in receipts])
        except IntegrityError as exc:
            raise UsedBefore from exc

    # --- for the commission, and after the term

    @retried
    def opened(self, request: PartsRequest, at: datetime) -> tuple[Opened, ...]:
        """Open the parts of a time, `since` included, `until` not, and write under which order."""
        row = {"order": request.order, "at": at, "since": request.since, "until": request.until}
        with self._engine.begin() as connection:
            connection.execute(insert(ORDERS).values(row))
            asked = connection.execute(_within(ASKED, request).where(ASKED.c.transaction_number.is_not(None)))
            provided = connection.execute(_within(PROVIDED, request))
            alias = _Alias()
            return (*(_opened_asked(row, alias) for row in asked), *(_opened_provided(row, alias) for row in provided))

    @retried
    def forget(self, before: datetime) -> None:
        """Delete the parts from before a time: with the salts gone, nobody can open what the tree commits to."""
        with self._engine.begin() as connection:
            for table in (ASKED, PROVIDED):
                connection.execute(delete(table).where(table.c.at < before))


def _asking(reference: str, part: RequesterPart, law: str, at: datetime) -> dict[str, Any]:
    return {
        "commitment": commitment(part),
        "transaction_number": None,
        "at": at,
        "reference": reference,
        "law": law,
        "department": part.department,
        "terminal": part.terminal,
        "purpose": part.purpose,
        "salt": part.salt,
        "outcome": "",
    }


def _provided(given: Given, at: datetime) -> dict[str, Any]:
    return {
        "transaction_number": given.number,
        "at": at,
        "reference": given.reference,
        "department": given.provider.department,
        "terminal": given.provider.terminal,
        "salt": given.provider.salt,
        "outcome": given.outcome.value,
        "payload": given.content.payload,
        "content_salt": given.content.salt,
    }


def _outgoing(receipt: Receipt) -> dict[str, str]:
    return {
        "transaction_number": receipt.transaction_number,
        "outcome": receipt.outcome.value,
        "provider": receipt.provider,
        "content": receipt.content,
    }


def _within(table: Table, request: PartsRequest) -> Select[Any]:
    return select(table).where(table.c.at >= request.since, table.c.at < request.until).order_by(table.c.at)


class _Alias:
    """Names clients within one answer to the commission: with another key each time, two answers tell nothing more."""

    def __init__(self) -> None:
        self._key = token_bytes(32)

    def of(self, reference: str) -> str:
        return blake2b(reference.encode(), key=self._key, digest_size=8).hexdigest()


def _opened_asked(row: Row[Any], alias: _Alias) -> Opened:
    return Opened(
        who=alias.of(row.reference),
        transaction_number=row.transaction_number,
        at=row.at,
        requester=RequesterPart(department=row.department, terminal=row.terminal, purpose=row.purpose, salt=row.salt),
        provider=None,
        content=None if row.payload is None else ContentPart(payload=row.payload, salt=row.content_salt),
    )


def _opened_provided(row: Row[Any], alias: _Alias) -> Opened:
    return Opened(
        who=alias.of(row.reference),
        transaction_number=row.transaction_number,
        at=row.at,
        requester=None,
        provider=ProviderPart(department=row.department, terminal=row.terminal, salt=row.salt),
        content=ContentPart(payload=row.payload, salt=row.content_salt),
    )


def _text(content: bytes) -> str:
    return b64encode(content).decode()
