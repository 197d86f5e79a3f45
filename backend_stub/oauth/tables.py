"""What the authorization server stores: consents, what hangs on them, and every read. No name, no address."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "oauth"})

consents = Table(
    "consents",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("partner", String(64), nullable=False),
    Column("handle", String(43), nullable=False, index=True),  # the portal's, for this body alone
    Column("subject", String(43), nullable=False),  # what the company calls the person: nobody else has it
    Column("serial", String(50), nullable=False),  # of the certificate that consented, decimal
    Column("purpose", String(64), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),  # brought forward by a withdrawal
)

refreshes = Table(
    "refreshes",
    TABLES,
    Column("token", String(43), primary_key=True),  # SHA-256, Base64url
    Column("consent", String(32), ForeignKey(consents.c.id), nullable=False, index=True),
    Column("jkt", String(43), nullable=False),
)

reads = Table(
    "reads",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("consent", String(32), ForeignKey(consents.c.id), nullable=False, index=True),
    Column("field", String(32), nullable=False),
    Column("at", Moment, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    TABLES,
    Column("consent", String(32), ForeignKey(consents.c.id), primary_key=True),
    Column("looked_at", Moment, nullable=False),
    Column("told", String(43)),  # digest of the address that was told last
)
"""Consents under which changes of address are pushed."""

pushes = Table(
    "pushes",
    TABLES,
    Column("number", Integer, primary_key=True),  # the order in which they go out
    Column("id", String(32), nullable=False, unique=True),
    Column("consent", String(32), ForeignKey(consents.c.id), nullable=False),
    Column("partner", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("logged", Boolean, nullable=False),  # the person sees it among the reads
)
"""Changes that a company has not taken; the address itself is fetched when one goes out."""

closings = Table("closings", TABLES, Column("consent", String(32), ForeignKey(consents.c.id), primary_key=True))
"""Consents that have ended and had the folder opened; the portal has not been told of the end."""
