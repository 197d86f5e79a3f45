"""Alembic's entry: the connection and the tables come from whoever runs it (backend_stub/schema.py, script/migrate)."""

from __future__ import annotations

from alembic import context

from backend_stub.schema import version_table


def run() -> None:
    """Run the migrations asked for, inside the caller's transaction."""
    attributes = context.config.attributes
    context.configure(
        connection=attributes["connection"],
        target_metadata=attributes["tables"],
        version_table=version_table(attributes["tables"]),
        render_as_batch=True,  # SQLite changes a table by rebuilding it
        transactional_ddl=True,
        compare_type=True,
        user_module_prefix="database.",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
