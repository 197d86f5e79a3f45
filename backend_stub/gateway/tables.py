"""What the gateway keeps beside its log; one database, one set of tables."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, SmallInteger, String, Table, UniqueConstraint

from backend_stub.database import Moment
from backend_stub.gateway.log.tables import TABLES

SYMBOLS = Table(
    "symbols",
    TABLES,
    Column("code", LargeBinary(32), primary_key=True),
    Column("version", SmallInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("person", LargeBinary(12), nullable=False),
    UniqueConstraint("person", "version", "kind"),
    sqlite_with_rowid=False,
)
"""The conversion tables (案3 to 案5): whoever takes this file finds all links. Empty under 案2.

Without row numbers each way through it is one tree instead of two: with millions of rows most pages are not at hand.
"""

MOVED = Table(
    "symbols_moved",
    TABLES,
    Column("holder", LargeBinary(16), primary_key=True),
    Column("version", SmallInteger, nullable=False),
)
"""Who holds the present symbol already while an older version is still taken; a pseudonym of body and person."""

CONSENTS = Table(
    "consents",
    TABLES,
    Column("holder", LargeBinary(16), primary_key=True),
    Column("until", Moment, nullable=False),
)
"""A pseudonym of person and law tuple, and how long the consent lasts. A withdrawn one is gone."""

DISASTERS = Table(
    "disasters",
    TABLES,
    Column("order", String(64), primary_key=True),
    Column("words", String(200), nullable=False),
    Column("opened", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended", Moment),
)

__all__ = ["CONSENTS", "DISASTERS", "MOVED", "SYMBOLS", "TABLES"]
