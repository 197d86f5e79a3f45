"""Deleting a folder with all that hangs on it, found by the foreign keys: no later table is forgotten."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Table, false, or_, select

from backend_stub.portal.tables import TABLES, folders, symbols_beside


def dispose(connection: Connection, folder_id: str) -> None:
    """Leave nothing of a folder. SQLite overwrites what is deleted (secure_delete)."""
    mine = folders.c.id == folder_id
    symbol = select(folders.c.symbol).where(mine).scalar_subquery()
    connection.execute(symbols_beside.delete().where(symbols_beside.c.symbol == symbol))
    for table in reversed(TABLES.sorted_tables):
        connection.execute(table.delete().where(mine if table is folders else _hangs_on(table, folder_id)))


def _hangs_on(table: Table, folder_id: str) -> ColumnElement[bool]:
    """Which rows belong to the folder, by themselves or by way of other tables."""
    found: list[ColumnElement[bool]] = []
    for key in table.foreign_keys:
        if key.column is folders.c.id:
            found.append(key.parent == folder_id)
        elif key.column.table is not table:
            found.append(key.parent.in_(select(key.column).where(_hangs_on(key.column.table, folder_id))))
    return or_(false(), *found)
