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
        "bookings",
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("use", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("moved_up", sa.Boolean(), nullable=False),
        sa.Column("made_at", database.Moment(length=32), nullable=False),
        sa.Column("cancelled_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("handle", "key"),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "taken",
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["bookings.number"],
        ),
        sa.PrimaryKeyConstraint("room", "day", "slot"),
        sa.UniqueConstraint("number"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
