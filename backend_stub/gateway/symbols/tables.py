"""What schemes of symbols keep, in a database of their own where that is a file.

Of its own because each commit of the log would take from the readers of its file the pages they have at hand; so this
one, where next to nothing is written, can be read through a mapping into memory (decision 0039).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, SmallInteger, String, Table, UniqueConstraint
from sqlalchemy.engine import make_url

from backend_stub.database import Count, open_database

TABLES = MetaData(info={"migrations": "symbols", "version_table": "symbols_alembic_version"})

KINDS = Table(
    "symbol_kinds",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("version", SmallInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    UniqueConstraint("version", "kind"),
)
"""The conversion tables (案3 to 案5) are these four: whoever takes this file finds all links. Empty under 案2.

Every way through them is by whole numbers: their trees are lower than those of codes and names, and with millions of
rows most pages are not at hand.
"""

PERSONS = Table(
    "symbol_persons",
    TABLES,
    Column("number", Count, primary_key=True),
    Column("person", LargeBinary(12), nullable=False, unique=True),
)

CODES = Table(
    "symbol_codes",
    TABLES,
    Column("place", Count, primary_key=True, autoincrement=False),
    Column("code", LargeBinary(32), nullable=False),
)
"""From a person and a kind to the code. `place` is the person's number * table.MOST_KINDS + the kind."""

SYMBOLS = Table(
    "symbols",
    TABLES,
    Column("key", Count, primary_key=True, autoincrement=False),
    Column("code", LargeBinary(32), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("number", Count, nullable=False),
    Column("person", LargeBinary(12), nullable=False),
)
"""From a code to the person. `key` is a hash of code and kind (table.py)."""

MOVED = Table(
    "symbols_moved",
    TABLES,
    Column("holder", LargeBinary(16), primary_key=True),
    Column("version", SmallInteger, nullable=False),
)
"""Who holds the present symbol already while an older version is still taken; a pseudonym of body and person."""


def open_symbols(gateway_url: str) -> Engine:
    """Open them beside the gateway's database: `gateway.db` has `gateway-symbols.db`, a server's has them inside.

    Raises schema.SchemaRefused.
    """
    url = make_url(gateway_url)
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(symbols_file(Path(url.database))))
    return open_database(url.render_as_string(hide_password=False), TABLES, mapped=True)


def symbols_file(gateway_file: Path) -> Path:
    """Where the symbols of a gateway's SQLite file are."""
    return gateway_file.with_name(f"{gateway_file.stem}-symbols{gateway_file.suffix}")
