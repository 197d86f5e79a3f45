"""The log's tables: leaves for good, and beside them the personal part, which is deleted after its term."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

from backend_stub.database import Count

TABLES = MetaData(info={"migrations": "gateway"})
MARK_LENGTH = 200

WORDS = Table(
    "law_words",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("edition", String(64), nullable=False, unique=True),
    Column("words", String, nullable=False),
)
"""Every wording of a law tuple there ever was, as canonical JSON; `edition` is its SHA-256."""

LEAVES = Table(
    "leaves",
    TABLES,
    Column("position", Count, primary_key=True, autoincrement=False),
    Column("number", LargeBinary(16), nullable=False),
    Column("what", String(10), nullable=False),
    Column("at", Count, nullable=False),
    Column("words", ForeignKey(WORDS.c.id)),
    Column("transport", String(10), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("mark", String(MARK_LENGTH), nullable=False),
    Column("requester", LargeBinary(32), nullable=False),
    Column("provider", LargeBinary(32), nullable=False),
    Column("content", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("leaves_by_number", "number"),
)
"""`at` is microseconds since 1970. Rows are never changed and never deleted."""

SUBJECTS = Table(
    "subjects",
    TABLES,
    Column("position", Count, primary_key=True, autoincrement=False),
    Column("subject", LargeBinary(16), nullable=False),
    Column("hidden_until", Count),
)
"""Whom a leaf is about, as a pseudonym only the gateway can make. Goes when its term is over."""

SUBJECT_INDEX = Table(
    "subject_index",
    TABLES,
    Column("subject", LargeBinary(16), primary_key=True),
    Column("position", Count, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The same by person, as far as INDEXED says; goes with them."""

INDEXED = Table(
    "subjects_indexed",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("up_to", Count, nullable=False),
)
"""One row: all subjects before this position are in the index."""

AUDIT = Table(
    "audit",
    TABLES,
    Column("id", Count, primary_key=True, autoincrement=False),
    Column("at", Count, nullable=False, index=True),
    Column("event", String(40), nullable=False),
    Column("machine", String(40), nullable=False),
    Column("law", String(40), nullable=False),
    Column("detail", String(100), nullable=False),
    Column("number", LargeBinary(16), nullable=False),
    Column("trace_id", String(64), nullable=False),
)
"""`at` as in LEAVES. Goes with the personal part."""

HEADS = Table(
    "heads",
    TABLES,
    Column("size", Count, primary_key=True, autoincrement=False),
    Column("head", String, nullable=False),
)
"""Signed heads, as JSON."""
