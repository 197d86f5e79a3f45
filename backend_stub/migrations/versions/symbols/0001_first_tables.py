"""first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "symbol_codes",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "symbol_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("version", "kind"),
    )
    op.create_table(
        "symbol_persons",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.LargeBinary(length=12), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("person"),
    )
    op.create_table(
        "symbols",
        sa.Column("key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.LargeBinary(length=12), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "symbols_moved",
        sa.Column("holder", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("holder"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
