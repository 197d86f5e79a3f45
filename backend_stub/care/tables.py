"""What the care body stores: consents by its own handles, hashes of what opens them, and days. No time of day."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, MetaData, String, Table

TABLES = MetaData(info={"migrations": "care"})

consents = Table(
    "consents",
    TABLES,
    Column("handle", String(43), primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("box_hash", String(64), nullable=False, unique=True),
    Column("since", Date, nullable=False),
)

marks = Table(
    "marks",
    TABLES,
    Column("handle", String(43), ForeignKey(consents.c.handle), primary_key=True),
    Column("day", Date, primary_key=True),
)
