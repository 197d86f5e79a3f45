"""What the portal stores: as little as it can. No address, no birth date, no Individual Number."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, MetaData, String, Table, Text, UniqueConstraint

from backend_stub.database import Moment
from backend_stub.holding import beside

TABLES = MetaData(info={"migrations": "portal"})

folders = Table(
    "folders",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("symbol", String(66), nullable=False, unique=True),  # the only key to a person outside
    Column("name", String(200), nullable=False),  # for the greeting
    Column("opened_at", Moment, nullable=False),
    Column("last_sign_in_at", Moment),
    Column("last_sign_in_place", String(50)),
)

certificates = Table(
    "certificates",
    TABLES,
    Column("serial", String(50), primary_key=True),  # decimal
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
)

notices = Table(
    "notices",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False),
    Column("transaction_number", String(64)),  # of the gateway; none for notices of companies
    Column("sender", String(100), nullable=False),
    Column("sender_kind", String(16), nullable=False),
    Column("title", String(100), nullable=False),
    Column("summary", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("legal_effect", Boolean, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("opened_at", Moment),  # the receipt
    UniqueConstraint("folder_id", "transaction_number"),
)

consents = Table(
    "consents",
    TABLES,
    Column("folder_id", String(32), ForeignKey(folders.c.id), primary_key=True),
    Column("law", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
)
"""What the gateway was told, so that the person can read it; what counts is kept there."""

symbols_beside = beside(TABLES)

let_in = Table(
    "let_in",
    TABLES,
    Column("partner_id", String(64), primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), primary_key=True),
    Column("handle", String(43), nullable=False, unique=True),
)
