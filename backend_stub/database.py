"""Opening a body's database by URL: SQLite on one machine, anything SQLAlchemy speaks beyond it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Engine, MetaData, String, TypeDecorator, create_engine, event, text


class Moment(TypeDecorator[datetime]):
    """A column for a point in time: aware going in, UTC coming out, kept as text of one width, so that it sorts."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def open_database(url: str, tables: MetaData) -> Engine:
    """Open, and create what is missing. SQLite syncs each commit, so what was acknowledged survives a power cut."""
    engine = create_engine(url, hide_parameters=True)  # personal data stays out of the texts of exceptions
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
