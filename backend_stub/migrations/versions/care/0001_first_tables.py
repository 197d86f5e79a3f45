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
        "consents",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("box_hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("handle"),
        sa.UniqueConstraint("box_hash"),
        sa.UniqueConstraint("code_hash"),
    )
    op.create_table(
        "marks",
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handle"],
            ["consents.handle"],
        ),
        sa.PrimaryKeyConstraint("handle", "day"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
