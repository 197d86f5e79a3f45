"""What the body of bills stores: bills by a handle of its own, and which account each handle pays from. No names."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, MetaData, String, Table, UniqueConstraint

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "bills"})

bills = Table(
    "bills",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("biller", String(64), nullable=False),
    Column("number", String(64), nullable=False),  # the biller's own
    Column("handle", String(43), nullable=False, index=True),  # the portal's, for this body alone
    Column("title", String(100), nullable=False),
    Column("amount", Integer, nullable=False),  # yen
    Column("due", Date, nullable=False),
    Column("store_number", String(13), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("attempt", Integer, nullable=False),  # which charge is, or will be, made for it
    Column("means", String(32)),  # of that charge, once it was begun
    Column("receipt", String(16), nullable=False),
    UniqueConstraint("biller", "number"),
)

accounts = Table(
    "accounts",
    TABLES,
    Column("handle", String(43), primary_key=True),
    Column("means", String(32), nullable=False),
    Column("label", String(16), nullable=False),
)
