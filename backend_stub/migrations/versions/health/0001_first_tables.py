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
        "books",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("handle"),
    )
    op.create_table(
        "check_ups",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handle"],
            ["books.handle"],
        ),
        sa.PrimaryKeyConstraint("handle", "day"),
    )
    op.create_table(
        "pressures",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("upper", sa.Integer(), nullable=False),
        sa.Column("lower", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handle"],
            ["books.handle"],
        ),
        sa.PrimaryKeyConstraint("handle", "at"),
    )
    op.create_table(
        "steps",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handle"],
            ["books.handle"],
        ),
        sa.PrimaryKeyConstraint("handle", "day"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
