"""What the emergency body stores: its notices, and reports by its own handles, which it forgets."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Integer, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "emergency"})

notices = Table(
    "notices",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("sender", String(100), nullable=False),
    Column("level", Integer, nullable=False),
    Column("area", String(100), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("shelters", JSON, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("ended_at", Moment),
)

evacuations = Table(
    "evacuations",
    TABLES,
    Column("handle", String(43), primary_key=True),
    Column("serial", String(50), nullable=False),  # of the certificate: by it the authority tells who it is
    Column("shelter", String(100), nullable=False),  # its name; empty for anywhere else
    Column("people", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
"""The newest report of each person."""
