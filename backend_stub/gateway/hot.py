"""Look-ups on the way of every exchange: the driver's own SQL over a connection that stays open.

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

    def row(self, *values: Any) -> Any:
        """Find the row; None when there is none. Raises sqlalchemy.exc.DBAPIError, and connects anew the next time."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            return self._connection.exec_driver_sql(self._statement, values).fetchone()
        except DBAPIError:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
