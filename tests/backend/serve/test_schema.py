"""The tables over time: made anew, carried forward with what is in them, refused when nobody knows them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, MetaData, String, Table, create_engine, inspect, text

from backend_stub.body import Clock
from backend_stub.migrations.kinds import KINDS
from backend_stub.schema import MIGRATIONS, FromTheFuture, Unversioned, bring_up, differences
from backend_stub.town import Town

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shelves", sa.Column("colour", sa.String(10), nullable=False, server_default="oak"))
    with op.batch_alter_table("books") as books:
        books.alter_column("title", type_=sa.String(200), nullable=False)
"""
Open = Callable[[], Engine]


def library(*, second: bool) -> MetaData:
    """A small body's tables, before and after."""
    tables = MetaData(info={"migrations": "library"})
    colour = [Column("colour", String(10), nullable=False, server_default="oak")] if second else []
    Table("shelves", tables, Column("id", Integer, primary_key=True), Column("place", String(10)), *colour)
    title = Column("title", String(200 if second else 20), nullable=False)
    Table("books", tables, Column("id", Integer, primary_key=True), Column("shelf", ForeignKey("shelves.id")), title)
    return tables


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Migrations of that body: its first tables."""
    folder = tmp_path / "versions" / "library"
    folder.mkdir(parents=True)
    first = SECOND.partition("def upgrade")[0].replace("0001", "none").replace("0002", "0001").replace('"none"', "None")
    (folder / "0001_first.py").write_text(first + "def upgrade() -> None:\n    pass\n")
    return folder.parent


def later(versions: Path) -> Path:
    """The same with a second revision. In another folder: a running program does not look for new ones."""
    folder = versions.parent / "later"
    shutil.copytree(versions, folder)
    (folder / "library" / "0002_second.py").write_text(SECOND)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    url = f"sqlite:///{tmp_path / 'library.db'}"
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        name = f"library-{request.node.name}"[:60]
        cluster.create(name)
        url = cluster.url(name)
    engine = create_engine(url)
    yield engine
    engine.dispose()


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def value(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar()


@pytest.mark.parametrize("kind", KINDS)
def test_migrations_and_tables_agree(kind: str, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert differences(KINDS[kind], engine) == []
    engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_migrations_and_tables_agree_on_postgresql(kind: str, cluster) -> None:  # type: ignore[no-untyped-def]
    cluster.create(f"agree-{kind}")
    engine = create_engine(cluster.url(f"agree-{kind}"))
    assert differences(KINDS[kind], engine) == []
    engine.dispose()


def test_every_kind_has_its_migrations() -> None:
    assert {path.name for path in (MIGRATIONS / "versions").iterdir() if any(path.glob("*.py"))} == set(KINDS)


def test_an_upgrade_keeps_what_is_there(engine: Engine, versions: Path) -> None:
    bring_up(engine, library(second=False), versions)
    run(engine, "INSERT INTO shelves VALUES (1, 'north')", "INSERT INTO books VALUES (7, 1, 'みどり市史')")
    bring_up(engine, library(second=True), later(versions))
    assert value(engine, "SELECT title FROM books WHERE id = 7 AND shelf = 1") == "みどり市史"
    assert value(engine, "SELECT colour FROM shelves WHERE place = 'north'") == "oak"
    assert value(engine, "SELECT version_num FROM alembic_version") == "0002"
    (title,) = (column for column in inspect(engine).get_columns("books") if column["name"] == "title")
    assert title["type"].length == 200  # type: ignore[attr-defined]


def test_a_second_start_changes_nothing(engine: Engine, versions: Path) -> None:
    bring_up(engine, library(second=False), versions)
    run(engine, "INSERT INTO shelves VALUES (1, 'north')")
    bring_up(engine, library(second=False), versions)
    assert value(engine, "SELECT count(*) FROM shelves") == 1


def test_a_database_from_the_future_is_refused_and_left_alone(engine: Engine, versions: Path) -> None:
    bring_up(engine, library(second=True), later(versions))
    with pytest.raises(FromTheFuture, match="library: revision 0002 is newer than this program"):
        bring_up(engine, library(second=False), versions)
    assert value(engine, "SELECT version_num FROM alembic_version") == "0002"


def test_tables_of_nobody_knows_when_are_refused(engine: Engine, versions: Path) -> None:
    library(second=False).create_all(engine)
    with pytest.raises(Unversioned):
        bring_up(engine, library(second=False), versions)


def test_an_upgrade_that_fails_leaves_what_was(engine: Engine, versions: Path) -> None:
    bring_up(engine, library(second=False), versions)
    run(engine, "INSERT INTO shelves VALUES (1, 'north')")
    folder = later(versions)
    with (folder / "library" / "0002_second.py").open("a") as file:
        file.write("    raise RuntimeError('the power is gone')\n")
    with pytest.raises(RuntimeError, match="the power is gone"):
        bring_up(engine, library(second=True), folder)
    assert value(engine, "SELECT version_num FROM alembic_version") == "0001"
    assert "colour" not in {column["name"] for column in inspect(engine).get_columns("shelves")}


def test_the_program_says_which_database_it_refuses(town: Town, data: Path, clock: Clock) -> None:
    from backend_stub.portal.tables import TABLES

    path = data / "backend" / "portal" / "portal.db"
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    engine = create_engine(f"sqlite:///{path}")
    with pytest.raises(FromTheFuture, match="portal: revision 9999"):
        bring_up(engine, TABLES)
    engine.dispose()
