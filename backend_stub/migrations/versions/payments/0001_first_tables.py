"""first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend_stub import database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "means",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collector", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "payments",
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("collector", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["means"],
            ["means.id"],
        ),
        sa.PrimaryKeyConstraint("receipt"),
        sa.UniqueConstraint("collector", "key"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
