"""What the authority stores."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from sqlalchemy import Column, Connection, Index, Integer, LargeBinary, MetaData, String, Table

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "authority"})

issued = Table(
    "issued",
    TABLES,
    Column("kind", String(8), primary_key=True),
    Column("serial", String(50), primary_key=True),  # decimal; too long for any integer column
    Column("resident_id", String(64), nullable=False, index=True),
    Column("generation", Integer, nullable=False),  # of the CA
    Column("issued_at", Moment, nullable=False),
    Column("not_after", Moment, nullable=False),
    Column("revoked_at", Moment, index=True),  # or stopped: then the reason is certificateHold
    Column("reason", String(32)),  # as RFC 5280 spells it, e.g. keyCompromise
    Column("renews", String(50), nullable=False, default=""),  # serial of the same kind; empty for a first one
    Column("public_key", LargeBinary, nullable=False),  # DER; the certificate itself, with the four items, is not kept
)
Index("issued_renews", issued.c.kind, issued.c.renews)

crls = Table(
    "crls",
    TABLES,
    Column("ca", String(16), primary_key=True),  # kind and generation, e.g. sign-3
    Column("changes", Integer, nullable=False),  # of the CA's certificates, counted since there is this row
    Column("as_of", Integer, nullable=False),  # so many of them the list has
    Column("number", Integer, nullable=False),  # 0: there is no list yet
    Column("made_at", Moment, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

residents = Table(
    "residents",
    TABLES,
    Column("resident_id", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # what is known of the person, AES-GCM under the register's key
    Column("match_key", LargeBinary(32), nullable=False, index=True),  # HMAC of the folded four items
    Column("folded_by", String(16), nullable=False),  # edition of the table of variants
    Column("ended", String(8), nullable=False, default=""),  # died or left; empty for who is registered
)

resident_codes = Table(
    "resident_codes",
    TABLES,
    Column("resident_id", String(64), primary_key=True),
    Column("code", String(11), nullable=False, unique=True),  # 住民票コード; leaves the authority in no form but HMAC
    Column("number_edition", Integer, nullable=False, default=0),  # all that is kept of the Individual Number
)

changes = Table(
    "changes",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("resident_id", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("which", String(64), nullable=False),  # never what: e.g. name,address
)

held = Table(
    "held",
    TABLES,
    Column("machine", String(64), primary_key=True),
    Column("resident_id", String(64), primary_key=True, index=True),
)

deliveries = Table(
    "deliveries",
    TABLES,
    Column("machine", String(64), primary_key=True),
    Column("place", Integer, primary_key=True),  # counts for each machine alone: nothing of others shows in it
    Column("resident_id", String(64), nullable=False),
    Column("event", String(16), nullable=False),
    Column("at", Moment, nullable=False),
)

consents = Table(
    "consents",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("resident_id", String(64), nullable=False),
    Column("verifier", String(64), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("recorded_by", String(64), nullable=False),  # the portal, or who presented the person's own signature
    Column("withdrawn_at", Moment),
)

acquisitions = Table(
    "acquisitions",
    TABLES,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of the number: the table's reader cannot use it
    Column("resident_id", String(64), nullable=False),
    Column("for_body", String(64), nullable=False),
    Column("given_at", Moment, nullable=False),
)

companies = Table(
    "companies",
    TABLES,
    Column("number", String(13), primary_key=True),  # rows are never deleted: no number is given twice
    Column("name", String(200), nullable=False),
    Column("address", String(200), nullable=False),
    Column("folded_name", String(800), nullable=False),
    Column("folded_address", String(800), nullable=False),
    Column("folded_by", String(16), nullable=False),
    Column("registered_on", String(10), nullable=False),
    Column("closed_on", String(10), nullable=False, default=""),
    Column("closed_because", String(200), nullable=False, default=""),
)

audit = Table(
    "audit",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("act", String(32), nullable=False),
    Column("machine", String(64), nullable=False),
    Column("resident_id", String(64), nullable=False),
    Column("trace_id", String(64), nullable=False),
)


def list_of(kind: str, generation: int) -> str:
    """The name of a CA in `crls`."""
    return f"{kind}-{generation}"


def record(connection: Connection, at: datetime, act: str, machine: str, resident_id: str, trace_id: str) -> None:
    """Leave a trace of who did what about whom, in the transaction of the deed itself."""
    values = {"at": at, "act": act, "machine": machine, "resident_id": resident_id, "trace_id": trace_id[:64]}
    connection.execute(audit.insert().values(id=token_hex(16), **values))
