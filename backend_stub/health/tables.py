"""What the health body keeps: figures by handle. No name, no birth date, no symbol."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "health"})

books = Table(
    "books",
    TABLES,
    Column("handle", String(43), primary_key=True),
    Column("opened_at", Moment, nullable=False),
    Column("counted", Boolean, nullable=False),  # whether a pedometer counts this person's steps
)
steps = Table(
    "steps",
    TABLES,
    Column("handle", String(43), ForeignKey(books.c.handle), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("steps", Integer, nullable=False),
)
pressures = Table(
    "pressures",
    TABLES,
    Column("handle", String(43), ForeignKey(books.c.handle), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("upper", Integer, nullable=False),
    Column("lower", Integer, nullable=False),
)
check_ups = Table(
    "check_ups",
    TABLES,
    Column("handle", String(43), ForeignKey(books.c.handle), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("place", String(100), nullable=False),
    Column("items", JSON, nullable=False),
)
