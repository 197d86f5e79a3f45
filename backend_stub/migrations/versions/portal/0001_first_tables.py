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
        "folders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=False),
        sa.Column("last_sign_in_at", database.Moment(length=32), nullable=True),
        sa.Column("last_sign_in_place", sa.String(length=50), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("symbol"),
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

    op.create_table(
        "certificates",
        sa.Column("serial", sa.String(length=50), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("serial"),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_folder_id"), ["folder_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("law", sa.String(length=64), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("folder_id", "law"),
    )
    op.create_table(
        "let_in",
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("partner_id", "folder_id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("transaction_number", sa.String(length=64), nullable=True),
        sa.Column("sender", sa.String(length=100), nullable=False),
        sa.Column("sender_kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("legal_effect", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", database.Moment(length=32), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder_id", "transaction_number"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
