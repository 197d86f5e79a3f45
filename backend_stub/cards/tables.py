"""What the body of cards stores: what each issuer wrote on its cards, by a handle of this body's own."""

from __future__ import annotations

from sqlalchemy import Column, Date, MetaData, String, Table, UniqueConstraint

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "cards"})

cards = Table(
    "cards",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("issuer", String(64), nullable=False),
    Column("number", String(64), nullable=False),  # the issuer's own
    Column("handle", String(43), nullable=False, index=True),  # the portal's, for this body alone
    Column("title", String(100), nullable=False),
    Column("holder", String(100), nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("issued_at", Moment, nullable=False),
    UniqueConstraint("issuer", "number"),
)
