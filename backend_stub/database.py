"""Opening a body's database by URL, SQLite or PostgreSQL, and doing over what the database asks to do over."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import MINYEAR, UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError

from backend_stub.schema import bring_up

BUSY_MS = 2000
"""How long SQLite waits for another process that writes."""
STATEMENTS = 256
"""So many SQLite keeps ready: the gateway's log has one for each number of rows."""
MAPPED = 0x7FFF_0000
"""Bytes; more SQLite does not map."""
TRIES = 3
AGAIN = frozenset({"40001", "40P01"})
"""SQLSTATE: could not serialize, deadlock. Nothing was committed."""
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
P = ParamSpec("P")
R = TypeVar("R")


Count = BigInteger().with_variant(Integer, "sqlite")
"""A column for what may be more than 2**31; SQLite numbers its rows by INTEGER alone."""


class Moment(TypeDecorator[datetime]):
    """A column for a point in time: aware going in, UTC coming out, kept as text of one width, so that it sorts."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def moment_text(value: datetime) -> str:
    """Write a moment as a column of this kind keeps it, for statements of one's own."""
    return _in_utc(value).isoformat(timespec="microseconds")


def _in_utc(value: datetime) -> datetime:
    """The same moment in UTC; one that is no more on the calendar there becomes the calendar's end."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return FIRST if value.year == MINYEAR else LAST


def open_database(url: str, tables: MetaData, mapped: bool = False) -> Engine:
    """Open, and bring the tables to their present shape (backend_stub/schema.py).

    Each commit is synced, so what was acknowledged survives a power cut. `mapped` is for what is read often and written
    seldom: SQLite then reads the file through a mapping, which it makes anew after each commit. Raises
    schema.SchemaRefused.
    """
    hide = {"hide_parameters": True}  # personal data stays out of the texts of exceptions
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"cached_statements": STATEMENTS}, **hide)
        event.listen(engine, "connect", _sqlite_pragmas)
        if mapped:
            event.listen(engine, "connect", _sqlite_mapping)
    else:
        # One process uses few connections: its loop one, the gateway's log writer one, a look-up or two kept open.
        engine = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, **hide)
    bring_up(engine, tables)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads what it will write after: on SQLite nobody else writes from its beginning."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins nothing before it writes
        yield connection


def closing(engine: Engine) -> Callable[[], Awaitable[None]]:
    """A body's `close` when all it has to let go of is its database."""

    async def close() -> None:
        engine.dispose()

    return close


def _as_it_is(value: Any) -> Any:
    return value


for _kind in (bytes, type(None)):
    # Bound as they are either way; without a word it looks for how in two attributes that neither has, for each value.
    sqlite3.register_adapter(_kind, _as_it_is)


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}", "secure_delete=ON")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_mapping(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA mmap_size={MAPPED}")


def retried(deed: Callable[P, R]) -> Callable[P, R]:
    """Do over what the database has rolled back because others were in the way: a function that is one transaction."""

    @wraps(deed)
    def doing(*args: P.args, **kwargs: P.kwargs) -> R:
        for tried in range(1, TRIES):
            try:
                return deed(*args, **kwargs)
            except DBAPIError as exc:
                if not _may_be_done_over(exc):
                    raise
            time.sleep(random.uniform(0.001, 0.01) * tried)  # noqa: S311 - so that two do not meet again
        return deed(*args, **kwargs)

    return doing


def refusal_code(exc: DBAPIError) -> str:
    """What to say when the database failed: `storage_full`, `storage_busy`, or `fault`."""
    if "full" in str(exc.orig) or getattr(exc.orig, "sqlstate", None) == "53100":
        return "storage_full"
    return "storage_busy" if _is_busy(exc) or _may_be_done_over(exc) else "fault"


def _may_be_done_over(exc: DBAPIError) -> bool:
    return getattr(exc.orig, "sqlstate", None) in AGAIN or _is_busy(exc)


def _is_busy(exc: DBAPIError) -> bool:
    return str(getattr(exc.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def answers(engine: Engine) -> bool:
    """Whether the database can be read now, for /health."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - any driver's any failure means the same here
        return False
    return True
