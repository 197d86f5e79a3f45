"""A database that is in the way, locked or full: done over, or named, and nothing half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from backend_kit import Cards, Visitor, problem
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from backend_stub import database
from backend_stub.database import TRIES, refusal_code, retried
from backend_stub.setups import body_folder


class Failing(Exception):
    """What a driver raises."""

    def __init__(self, sqlstate: str = "", sqlite_errorname: str = "", words: str = "") -> None:
        super().__init__(words)
        self.sqlstate = sqlstate
        self.sqlite_errorname = sqlite_errorname


def fails(times: int, error: Failing) -> tuple[Callable[[], str], list[int]]:
    tried: list[int] = []

    @retried
    def deed() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise OperationalError("", None, error)
        return "done"

    return deed, tried


AGAIN = [Failing("40001"), Failing("40P01"), Failing(sqlite_errorname="SQLITE_BUSY_SNAPSHOT")]


@pytest.mark.parametrize("error", AGAIN, ids=lambda error: error.sqlstate or error.sqlite_errorname)
def test_what_the_database_asks_to_do_over_is_done_over(error: Failing) -> None:
    deed, tried = fails(TRIES - 1, error)
    assert deed() == "done"
    assert len(tried) == TRIES


def test_it_is_not_done_over_for_ever() -> None:
    deed, tried = fails(TRIES, Failing("40P01"))
    with pytest.raises(DBAPIError):
        deed()
    assert len(tried) == TRIES


def test_what_would_fail_again_is_not_done_over() -> None:
    deed, tried = fails(1, Failing("23505"))
    with pytest.raises(DBAPIError):
        deed()
    assert len(tried) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Failing(words="database or disk is full"), "storage_full"),
        (Failing("53100"), "storage_full"),
        (Failing(sqlite_errorname="SQLITE_BUSY"), "storage_busy"),
        (Failing("40P01"), "storage_busy"),
        (Failing("42P01", words="relation does not exist"), "fault"),
    ],
)
def test_each_failure_has_its_code(error: Failing, code: str) -> None:
    assert refusal_code(OperationalError("", None, error)) == code


def test_a_real_deadlock_is_resolved(cluster: Any) -> None:
    cluster.create("deadlock")
    engine = create_engine(cluster.url("deadlock"))
    tables = MetaData()
    rows = Table("numbers", tables, Column("id", Integer, primary_key=True), Column("n", Integer))
    tables.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(rows), [{"id": 1, "n": 0}, {"id": 2, "n": 0}])
    _meet(engine, rows)
    with engine.connect() as connection:
        assert set(connection.execute(select(rows.c.n)).scalars()) == {2}
    engine.dispose()


def _meet(engine: Engine, rows: Table) -> None:
    """Two that add one to both rows, in opposite order, and wait for each other in between the first time."""
    from threading import Barrier, Thread

    barrier = Barrier(2)

    def add(first: int, second: int) -> None:
        waiting = [barrier]

        @retried
        def deed() -> None:
            with engine.begin() as connection:
                _add_one(connection, rows, first)
                while waiting:
                    waiting.pop().wait(10)
                _add_one(connection, rows, second)

        deed()

    threads = [Thread(target=add, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def _add_one(connection: Connection, rows: Table, row: int) -> None:
    connection.execute(rows.update().where(rows.c.id == row).values(n=rows.c.n + 1))


@pytest.mark.logs("database, OperationalError")
async def test_a_locked_database_is_named(people: httpx.AsyncClient, card: Cards, data: Path, town: Any) -> None:
    visitor = Visitor(people, card("first"))
    await visitor.sign_in()
    other = sqlite3.connect(body_folder(data, "portal") / "portal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = await visitor.come_in()
    assert problem(refused) == (503, "storage_busy")
    other.execute("ROLLBACK")
    other.close()
    assert (await visitor.come_in()).status_code == 200


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)


@pytest.fixture
def data(data: Path, impatient: None) -> Path:
    """A data folder of a town that does not wait long for locks."""
    return data


async def test_the_databases_sync_each_commit(town: Any, data: Path) -> None:
    engine = database.open_database(f"sqlite:///{data / 'x.db'}", MetaData(info={"migrations": "portal"}))
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
