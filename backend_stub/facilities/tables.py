"""What the facilities body stores: handles, no names. Two bookings of one slot cannot stand in its tables."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "facilities"})

bookings = Table(
    "bookings",
    TABLES,
    Column("number", String(9), primary_key=True),
    Column("handle", String(43), nullable=False),  # the portal's word for the person, towards this body alone
    Column("key", String(64), nullable=False),  # the kiosk's, so that what is sent twice books once
    Column("room", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", String(16), nullable=False),
    Column("use", JSON, nullable=False),  # as it was confirmed, whatever hours and fees are later
    Column("state", String(16), nullable=False),
    Column("turn", Integer, nullable=False),  # of the table below: who came first
    Column("moved_up", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("cancelled_at", Moment),
    UniqueConstraint("handle", "key"),
)

taken = Table(
    "taken",
    TABLES,
    Column("room", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("slot", String(16), primary_key=True),
    Column("number", String(9), ForeignKey(bookings.c.number), nullable=False, unique=True),
)
"""Who has a slot: one row, so one booking."""

turns = Table("turns", TABLES, Column("id", Integer, primary_key=True), Column("turn", Integer, nullable=False))
"""One row. Whoever changes anything counts it up first, and thereby waits for who is at it."""
