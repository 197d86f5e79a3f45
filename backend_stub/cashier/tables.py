"""What the cashier stores: by a tag for each card what it pays with, and charges by key. No names, no numbers."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "cashier"})

cards = Table(
    "cards",
    TABLES,
    Column("tag", String(64), primary_key=True),
    Column("means", String(32), nullable=False),
    Column("label", String(16), nullable=False),
)

charges = Table(
    "charges",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("means", String(32), nullable=False),
    Column("amount", Integer, nullable=False),  # yen
    Column("state", String(16), nullable=False),
    Column("receipt", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)
