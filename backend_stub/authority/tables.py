"""What the authority stores."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from sqlalchemy import Column, Connection, LargeBinary, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData()

issued = Table(
    "issued",
    TABLES,
    Column("kind", String(8), primary_key=True),
    Column("serial", String(50), primary_key=True),  # decimal; too long for any integer column
    Column("resident_id", String(64), nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("reason", String(32)),  # as RFC 5280 spells it, e.g. keyCompromise
)

resident_codes = Table(
    "resident_codes",
    TABLES,
    Column("resident_id", String(64), primary_key=True),
    Column("code", String(11), nullable=False, unique=True),  # 住民票コード; leaves the authority in no form but HMAC
)

acquisitions = Table(
    "acquisitions",
    TABLES,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of the number: the table's reader cannot use it
    Column("resident_id", String(64), nullable=False),
    Column("for_body", String(64), nullable=False),
    Column("given_at", Moment, nullable=False),
)

audit = Table(
    "audit",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("act", String(32), nullable=False),
    Column("machine", String(64), nullable=False),
    Column("resident_id", String(64), nullable=False),
    Column("trace_id", String(64), nullable=False),
)


def record(connection: Connection, at: datetime, act: str, machine: str, resident_id: str, trace_id: str) -> None:
    """Leave a trace of who did what about whom, in the transaction of the deed itself."""
    values = {"at": at, "act": act, "machine": machine, "resident_id": resident_id, "trace_id": trace_id[:64]}
    connection.execute(audit.insert().values(id=token_hex(16), **values))
