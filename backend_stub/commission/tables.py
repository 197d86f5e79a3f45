"""What the commission keeps: the gateway's heads, leaves and audit, its own orders, and what it has found.

Nothing here is about a person: of the parts that agencies open only what was found is kept, never salts or contents.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from backend_stub.database import Moment

TABLES = MetaData(info={"migrations": "commission"})
Count = BigInteger().with_variant(Integer, "sqlite")

HEADS = Table(
    "heads",
    TABLES,
    Column("size", Count, primary_key=True, autoincrement=False),
    Column("root", String(64), primary_key=True),
    Column("head", String, nullable=False),
    Column("sound", Boolean, nullable=False),
)
"""Every signed head that came, as JSON; those that are not of one growing log too, for they are the evidence."""

LEAVES = Table(
    "leaves",
    TABLES,
    Column("position", Count, primary_key=True, autoincrement=False),
    Column("number", String(32), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("what", String(10), nullable=False),
    Column("law", String(40), nullable=False),
    Column("leaf", String, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("leaves_by_law", "law", "position"),
)
WORDS = Table(
    "law_words",
    TABLES,
    Column("edition", String(64), primary_key=True),
    Column("words", String, nullable=False),
)
"""Every wording that the law table had, or that a leaf names."""

TUPLES = Table(
    "law_tuples",
    TABLES,
    Column("edition", String(64), primary_key=True),
    Column("law", String(40), nullable=False),
    Column("since", Moment, nullable=False),
)
"""What the law lays down, by the commission's own reading of it, and since when it is known."""

HAPPENINGS = Table(
    "happenings",
    TABLES,
    Column("number", String(40), primary_key=True),
    Column("event", String(40), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("happening", String, nullable=False),
)
"""The gateway's audit."""

REVIEWS = Table(
    "reviews",
    TABLES,
    Column("order", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("valid_until", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Column("complete", Boolean, nullable=False),
)
"""Orders under which agencies opened their parts; complete when all of them did."""

DISASTERS = Table(
    "disasters",
    TABLES,
    Column("order", String(64), primary_key=True),
    Column("words", String(200), nullable=False),
    Column("asked", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("opened", Moment),
    Column("ended", Moment),
)

FINDINGS = Table(
    "findings",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("found", Moment, nullable=False, index=True),
    Column("rule", String(40), nullable=False),
    Column("body", String(40), nullable=False),
    Column("transaction_number", String(40), nullable=False),
    Column("words", String(300), nullable=False),
)
"""The id is a hash of the rest, so that what is found again is not said twice."""

CASES = Table(
    "cases",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("transaction_number", String(40), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("answer", String(200), nullable=False),
    Column("answered_at", Moment),
)
"""Records that seem wrong to whom they are about. The id is the portal's, which alone knows whose case it is."""
