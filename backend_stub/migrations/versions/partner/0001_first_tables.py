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
        "accounts",
        sa.Column("consent", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("consent"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "addresses",
        sa.Column("consent", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("consent"),
    )
    op.create_table(
        "heard",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("source", "id"),
    )
    op.create_table(
        "sent",
        sa.Column("mailing", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("mailing", "handle"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
