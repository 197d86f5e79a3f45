"""Many rows, or many keys, in one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

MOST_ROWS = 256
EXACT = 64
"""Up to so many rows go in one statement; of more, powers of two: few texts to parse, few statements to run."""
MOST_KEYS = 500
"""In one statement."""
Key = TypeVar("Key", int, bytes)


def chunks(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Divide keys for an IN (...)."""
    for start in range(0, len(keys), MOST_KEYS):
        yield keys[start : start + MOST_KEYS]


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], keep_known: bool = False
) -> None:
    """Insert rows, all columns in the table's order; with `keep_known` those that are there already are passed over.

    Not by executemany: Python's drivers let other threads run between two steps, and a busy loop gives the interpreter
    back only after 5 ms, for each row.
    """
    percent = connection.dialect.paramstyle in ("format", "pyformat")
    start = 0
    while start < len(rows):
        rest = len(rows) - start
        count = rest if rest <= EXACT else min(MOST_ROWS, 1 << rest.bit_length() - 1)
        values = tuple(chain.from_iterable(rows[start : start + count]))
        connection.exec_driver_sql(_statement(table, count, percent, keep_known), values)
        start += count


@cache
def _statement(table: Table, count: int, percent: bool, keep_known: bool) -> str:
    row = "(" + ",".join(["%s" if percent else "?"] * len(table.columns)) + ")"
    columns = ",".join(column.name for column in table.columns)
    values = ",".join([row] * count)
    known = " ON CONFLICT DO NOTHING" if keep_known else ""
    return f"INSERT INTO {table.name} ({columns}) VALUES {values}{known}"  # noqa: S608 - names of our own
