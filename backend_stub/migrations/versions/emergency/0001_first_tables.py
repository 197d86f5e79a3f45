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
        "evacuations",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("serial", sa.String(length=50), nullable=False),
        sa.Column("shelter", sa.String(length=100), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("handle"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=100), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("shelters", sa.JSON(), nullable=False),
        sa.Column("issued_at", database.Moment(length=32), nullable=False),
        sa.Column("valid_until", database.Moment(length=32), nullable=False),
        sa.Column("ended_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
