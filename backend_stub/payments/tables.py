"""What the payment body stores: accounts as registered by each collector, and what was taken from them. No names."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "payments"})

means = Table(
    "means",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("collector", String(64), nullable=False),
    Column("account", String(7), nullable=False),
)

payments = Table(
    "payments",
    TABLES,
    Column("receipt", String(16), primary_key=True),
    Column("collector", String(64), nullable=False),
    Column("key", String(64), nullable=False),
    Column("means", String(32), ForeignKey(means.c.id), nullable=False),
    Column("amount", Integer, nullable=False),  # yen
    Column("words", String(100), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("collector", "key"),
)
