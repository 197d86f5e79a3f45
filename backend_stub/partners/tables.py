"""What a company stores: whom it has written to, what it has heard, and, of a bank, the accounts."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "partner"})

SENT = Table(
    "sent",
    TABLES,
    Column("mailing", String(40), primary_key=True),
    Column("handle", String(100), primary_key=True),
)

HEARD = Table(
    "heard",
    TABLES,
    Column("source", String(100), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

ADDRESSES = Table(
    "addresses",
    TABLES,
    Column("consent", String(64), primary_key=True),
    Column("address", String(200), nullable=False),
)
"""Where customers live now, as they let the company hear."""

ACCOUNTS = Table(
    "accounts",
    TABLES,
    Column("consent", String(64), primary_key=True),
    Column("number", String(7), nullable=False, unique=True),  # no real one begins with 9
    Column("name", String(200), nullable=False),
    Column("opened_at", Moment, nullable=False),
)
