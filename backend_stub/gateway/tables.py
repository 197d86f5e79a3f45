"""What the gateway keeps beside its log; one database, one set of tables."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from backend_stub.database import Moment
from backend_stub.gateway.log.tables import TABLES

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

__all__ = ["CONSENTS", "DISASTERS", "TABLES"]
