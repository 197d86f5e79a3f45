"""Look-ups on the way of every request: the driver's own SQL over a connection that stays open.

A statement built by SQLAlchemy over a pooled connection takes several times as long (gateway reference, section 7.2).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError


def for_driver(engine: Engine, statement: str) -> str:
    """Write `?` as the driver of this database has it."""
    return statement.replace("?", "%s") if engine.dialect.paramstyle in ("format", "pyformat") else statement


class HotLookUp:
    """One statement that finds one row. Used by the loop's thread alone."""

    def __init__(self, engine: Engine, statement: str) -> None:
        self._engine = engine
        self._statement = for_driver(engine, statement)
        self._connection: Connection | None = None
        self._cursor: Any = None

    def row(self, *values: Any) -> Any:
        """Find the row; None when there is none. Raises sqlalchemy.exc.DBAPIError, and connects anew the next time."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._cursor = self._connection.connection.cursor()
        errors = self._engine.dialect.loaded_dbapi.Error
        try:
            self._cursor.execute(self._statement, values)
            return self._cursor.fetchone()
        except errors as exc:
            self._connection.invalidate()
            self.close()
            raise _as_ours(self._engine, self._statement, exc) from exc

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._cursor = None


def _as_ours(engine: Engine, statement: str, exc: Exception) -> BaseException:
    """What SQLAlchemy would have raised, without the values."""
    base = engine.dialect.loaded_dbapi.Error
    return DBAPIError.instance(statement, None, exc, base, hide_parameters=True, dialect=engine.dialect)
