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
        "cases",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("transaction_number", sa.String(length=40), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("answered_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "disasters",
        sa.Column("order", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("asked", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.Column("opened", database.Moment(length=32), nullable=True),
        sa.Column("ended", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("order"),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("found", database.Moment(length=32), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("transaction_number", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_found"), ["found"], unique=False)

    op.create_table(
        "happenings",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("happening", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", "event"),
    )
    with op.batch_alter_table("happenings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_happenings_at"), ["at"], unique=False)

    op.create_table(
        "heads",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("sound", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("size", "root"),
    )
    op.create_table(
        "law_tuples",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("law", sa.String(length=40), nullable=False),
        sa.Column("since", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("edition"),
    )
    op.create_table(
        "law_words",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("edition"),
    )
    op.create_table(
        "leaves",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("law", sa.String(length=40), nullable=False),
        sa.Column("leaf", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position"),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaves_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_leaves_number"), ["number"], unique=False)
        batch_op.create_index("leaves_by_law", ["law", "position"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("order", sa.String(length=40), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("valid_until", database.Moment(length=32), nullable=False),
        sa.Column("since", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order"),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_until"), ["until"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
