"""Opening a body's database by URL: SQLite on one machine, anything SQLAlchemy speaks beyond it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, text


def open_database(url: str, tables: MetaData) -> Engine:
    """Open, and create what is missing. SQLite syncs each commit, so what was acknowledged survives a power cut."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_pragmas)
    tables.create_all(engine)
    return engine


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def answers(engine: Engine) -> bool:
    """Whether the database can be read now, for /health."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - any driver's any failure means the same here
        return False
    return True
