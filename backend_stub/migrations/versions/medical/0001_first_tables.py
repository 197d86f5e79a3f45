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
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entries_symbol"), ["symbol"], unique=False)

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
        "links",
        sa.Column("certificate", sa.LargeBinary(length=32), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("linked_at", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("certificate"),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_symbol"), ["symbol"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_until"), ["until"], unique=False)

    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("withheld", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_looks_symbol"), ["symbol"], unique=False)

    op.create_table(
        "prescriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("exchange_number", sa.String(length=12), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.Column("dispensing", sa.String(length=64), nullable=True),
        sa.Column("pharmacy", sa.String(length=100), nullable=True),
        sa.Column("dispensed_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("exchange_number"),
        sa.UniqueConstraint("signature"),
    )
    with op.batch_alter_table("prescriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prescriptions_symbol"), ["symbol"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_symbol"), ["symbol"], unique=False)

    op.create_table(
        "receptions",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facility", sa.String(length=100), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", "number", "facility"),
    )
    with op.batch_alter_table("receptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receptions_symbol"), ["symbol"], unique=False)

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
