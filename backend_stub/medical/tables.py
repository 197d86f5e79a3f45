"""The medical body's tables. Persons are its own symbols, hex."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, MetaData, String, Table

from backend_stub.database import Moment
from backend_stub.holding import beside

TABLES = MetaData(info={"migrations": "medical"})

INSURED = Table(
    "insured",
    TABLES,
    Column("symbol", String(66), primary_key=True),
    Column("reference", String(40), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("name_kana", String(200), nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("coverages", JSON, nullable=False),
)
RECEPTIONS = Table(
    "receptions",
    TABLES,
    # In this order the rows of one moment stand together, whichever facilities they are of: few pages to write.
    Column("day", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("facility", String(100), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("symbol", String(66), nullable=False, index=True),
    Column("way", String(10), nullable=False, default="card"),  # ways.Way
    Column(
        "reference", String(64), nullable=False, default=""
    ),  # the facility's confirmation, or the commission's order
)
QUESTIONS = Table(
    "questions",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("symbol", String(66), nullable=False, index=True),
    Column("facility", String(100), nullable=False),
    Column("at", Moment, nullable=False),
)
"""Asked once more of a reception of the day."""
CONSENTS = Table(
    "consents",
    TABLES,
    Column("facility", String(100), primary_key=True),
    Column("symbol", String(66), primary_key=True),
    Column("given_at", Moment, primary_key=True),
    Column("ends_at", Moment, nullable=False),
    Column("medicines", Boolean, nullable=False),
    Column("treatment", Boolean, nullable=False),
    Column("checkup", Boolean, nullable=False),
)
ENTRIES = Table(
    "entries",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("symbol", String(66), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("on", Date, nullable=False),
    Column("place", String(100), nullable=False),
    Column("what", String(200), nullable=False),
    Column("detail", String(200), nullable=False),
)
LOOKS = Table(
    "looks",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("symbol", String(66), nullable=False, index=True),
    Column("facility", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("given", JSON, nullable=False),
    Column("withheld", JSON, nullable=False),
)
LINKS = Table(
    "links",
    TABLES,
    Column("certificate", LargeBinary(32), primary_key=True),  # HMAC of its serial number
    Column("symbol", String(66), nullable=False, index=True),
    Column("linked_at", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),  # the day's end, or the certificate's
)
PRESCRIPTIONS = Table(
    "prescriptions",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("exchange_number", String(12), nullable=False, unique=True),
    Column("symbol", String(66), nullable=False, index=True),
    Column("facility", String(100), nullable=False),
    Column("at", Moment, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("document", LargeBinary, nullable=False),  # what the doctor signed, byte for byte
    Column("signature", LargeBinary, nullable=False, unique=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("dispensing", String(64)),  # the pharmacy's own id of it; none: not dispensed yet
    Column("pharmacy", String(100)),
    Column("dispensed_at", Moment),
)
SYMBOLS_BESIDE = beside(TABLES)
_WITH_SYMBOLS = (INSURED, RECEPTIONS, QUESTIONS, CONSENTS, ENTRIES, LOOKS, PRESCRIPTIONS)
SYMBOL_COLUMNS = tuple(table.c.symbol for table in _WITH_SYMBOLS)
