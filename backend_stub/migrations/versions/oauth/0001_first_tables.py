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
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("subject", sa.String(length=43), nullable=False),
        sa.Column("serial", sa.String(length=50), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("given_at", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_handle"), ["handle"], unique=False)

    op.create_table(
        "closings",
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent"],
            ["consents.id"],
        ),
        sa.PrimaryKeyConstraint("consent"),
    )
    op.create_table(
        "pushes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("logged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent"],
            ["consents.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "reads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent"],
            ["consents.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("reads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reads_consent"), ["consent"], unique=False)

    op.create_table(
        "refreshes",
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("jkt", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent"],
            ["consents.id"],
        ),
        sa.PrimaryKeyConstraint("token"),
    )
    with op.batch_alter_table("refreshes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refreshes_consent"), ["consent"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("looked_at", database.Moment(length=32), nullable=False),
        sa.Column("told", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["consent"],
            ["consents.id"],
        ),
        sa.PrimaryKeyConstraint("consent"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
