"""The shape of a body's tables over time: created anew, carried forward by migrations, or refused.

A body's MetaData names its migrations: `MetaData(info={"migrations": "portal"})` stands for those in
`migrations/versions/portal`. A new database gets today's tables at once and is stamped with the newest revision; a test
holds tables and migrations to each other. `script/migrate` writes the next revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK = 0x6D61646F  # any number, the same for all
VERSION_TABLE = "alembic_version"
"""Where tables do not name another, for what may share a database with others: `info={"version_table": ...}`."""


class SchemaRefused(Exception):
    """This database cannot be brought to the present shape."""


class FromTheFuture(SchemaRefused):
    """A newer Madoguchi has written this database; this one would damage it."""


class Unversioned(SchemaRefused):
    """There are tables, but nobody knows of which version."""


def bring_up(engine: Engine, tables: MetaData, versions: Path = MIGRATIONS / "versions") -> None:
    """Create what is new, upgrade what is old. All or nothing. Raises SchemaRefused, sqlalchemy.exc.DBAPIError."""
    kind = str(tables.info["migrations"])
    config = _config(versions / kind)
    script = _script(config)
    head = script.get_current_head()
    with _alone(engine) as connection:
        context = _context(connection, tables)
        found = context.get_current_revision()
        if found is None:
            if set(inspect(connection).get_table_names()) & set(tables.tables):
                raise Unversioned(f"{kind}: tables of an unknown version")
            tables.create_all(connection, checkfirst=False)
            context.stamp(script, head or "base")
        elif found != head:
            if found not in {revision.revision for revision in script.walk_revisions()}:
                raise FromTheFuture(f"{kind}: revision {found} is newer than this program")
            config.attributes.update(connection=connection, tables=tables)
            command.upgrade(config, "head")


def version_table(tables: MetaData) -> str:
    """Where it is written down which revision a database has."""
    return str(tables.info.get("version_table", VERSION_TABLE))


def differences(tables: MetaData, engine: Engine) -> list[Any]:
    """What the migrations alone, run on an empty database, leave different from `tables`."""
    config = _config(MIGRATIONS / "versions" / str(tables.info["migrations"]))
    with _alone(engine) as connection:
        config.attributes.update(connection=connection, tables=tables)
        command.upgrade(config, "head")
        found: list[Any] = compare_metadata(_context(connection, tables), tables)
    return found


def write_revision(tables: MetaData, message: str) -> Path | None:
    """Write the migration to `tables` from what there is; gives its file, or None when nothing has changed."""
    engine = create_engine("sqlite://")
    if not differences(tables, engine):
        return None
    config = _config(MIGRATIONS / "versions" / str(tables.info["migrations"]))
    number = len(list(_script(config).walk_revisions())) + 1
    with engine.connect() as connection:
        config.attributes.update(connection=connection, tables=tables)
        written = command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")
    _script_in.cache_clear()
    return Path(written.path) if isinstance(written, Script) else None


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction during which no other process changes the tables."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Tables are rebuilt to be changed; what refers to them is looked after at the end.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins nothing for DDL
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield connection
        if engine.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise SchemaRefused("rows would refer to what is no longer there")
        connection.commit()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _context(connection: Connection, tables: MetaData) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"compare_type": True, "version_table": version_table(tables)})


def _config(versions: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(versions))
    return config


def _script(config: Config) -> ScriptDirectory:
    return _script_in(
        config.get_main_option("version_locations") or "", config.get_main_option("script_location") or ""
    )


@cache
def _script_in(versions: str, script: str) -> ScriptDirectory:
    return ScriptDirectory(script, version_locations=[versions])
