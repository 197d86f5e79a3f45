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
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("machine", sa.String(length=40), nullable=False),
        sa.Column("law", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=100), nullable=False),
        sa.Column("number", sa.LargeBinary(length=16), nullable=False),
        sa.Column("trace_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)

    op.create_table(
        "consents",
        sa.Column("holder", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("holder"),
    )
    op.create_table(
        "disasters",
        sa.Column("order", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("opened", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.Column("ended", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("order"),
    )
    op.create_table(
        "heads",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "law_words",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("edition"),
    )
    op.create_table(
        "subject_index",
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.PrimaryKeyConstraint("subject", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subjects",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("subject", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hidden_until", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "subjects_indexed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "leaves",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.LargeBinary(length=16), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Integer(), nullable=True),
        sa.Column("transport", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("requester", sa.LargeBinary(length=32), nullable=False),
        sa.Column("provider", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["words"],
            ["law_words.id"],
        ),
        sa.PrimaryKeyConstraint("position"),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index("leaves_by_number", ["number"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
