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
        "asked",
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("transaction_number", sa.String(length=40), nullable=True),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("law", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("terminal", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=44), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("content_salt", sa.String(length=44), nullable=True),
        sa.PrimaryKeyConstraint("commitment"),
        sa.UniqueConstraint("transaction_number"),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index("asked_at", ["at"], unique=False)

    op.create_table(
        "clients",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("symbol", sa.String(length=66), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("reference"),
        sa.UniqueConstraint("symbol"),
    )
    with op.batch_alter_table("clients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clients_handle"), ["handle"], unique=False)

    op.create_table(
        "folders",
        sa.Column("certificate_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("certificate_hash"),
    )
    op.create_table(
        "heard",
        sa.Column("from_whom", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("from_whom"),
    )
    op.create_table(
        "orders",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(length=100), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("since", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("orders_at", ["at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("transaction_number", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=44), nullable=False),
        sa.Column("content", sa.String(length=44), nullable=False),
        sa.Column("refused", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "papers",
        sa.Column("parcel", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=50), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("received_at", database.Moment(length=32), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("parcel"),
    )
    op.create_table(
        "provided",
        sa.Column("transaction_number", sa.String(length=40), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=100), nullable=False),
        sa.Column("terminal", sa.String(length=100), nullable=False),
        sa.Column("salt", sa.String(length=44), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("content_salt", sa.String(length=44), nullable=False),
        sa.PrimaryKeyConstraint("transaction_number"),
    )
    with op.batch_alter_table("provided", schema=None) as batch_op:
        batch_op.create_index("provided_at", ["at"], unique=False)

    op.create_table(
        "sent",
        sa.Column("mailing", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("mailing", "reference"),
    )
    op.create_table(
        "shown",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("received_at", database.Moment(length=32), nullable=False),
        sa.Column("parcel", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", "issuer"),
    )
    with op.batch_alter_table("shown", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shown_parcel"), ["parcel"], unique=False)

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
        "holdings",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data_as_of", sa.Date(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference"],
            ["clients.reference"],
        ),
        sa.PrimaryKeyConstraint("reference", "kind"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
