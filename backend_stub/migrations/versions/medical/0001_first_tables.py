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
        "consents",
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("given_at", database.Moment(length=32), nullable=False),
        sa.Column("ends_at", database.Moment(length=32), nullable=False),
        sa.Column("medicines", sa.Boolean(), nullable=False),
        sa.Column("treatment", sa.Boolean(), nullable=False),
        sa.Column("checkup", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("facility", "symbol", "given_at"),
    )
    op.create_table(
        "insured",
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_kana", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("coverages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("symbol"),
        sa.UniqueConstraint("reference"),
    )
    op.create_table(
        "receptions",
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.PrimaryKeyConstraint("facility", "day", "number"),
    )
    op.create_table(
        "symbols_beside",
        sa.Column("other", sa.String(length=66), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("other"),
    )
    with op.batch_alter_table("symbols_beside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_symbols_beside_symbol"), ["symbol"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
