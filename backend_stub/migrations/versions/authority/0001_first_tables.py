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
        "acquisitions",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("for_body", sa.String(length=64), nullable=False),
        sa.Column("given_at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("machine", sa.String(length=64), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("trace_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("which", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_changes_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "companies",
        sa.Column("number", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("folded_name", sa.String(length=800), nullable=False),
        sa.Column("folded_address", sa.String(length=800), nullable=False),
        sa.Column("folded_by", sa.String(length=16), nullable=False),
        sa.Column("registered_on", sa.String(length=10), nullable=False),
        sa.Column("closed_on", sa.String(length=10), nullable=False),
        sa.Column("closed_because", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("given_at", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "crls",
        sa.Column("ca", sa.String(length=16), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", database.Moment(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ca"),
    )
    op.create_table(
        "deliveries",
        sa.Column("machine", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.PrimaryKeyConstraint("machine", "place"),
    )
    op.create_table(
        "held",
        sa.Column("machine", sa.String(length=64), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("machine", "resident_id"),
    )
    with op.batch_alter_table("held", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_held_resident_id"), ["resident_id"], unique=False)

    op.create_table(
        "issued",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("serial", sa.String(length=50), nullable=False),
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("issued_at", database.Moment(length=32), nullable=False),
        sa.Column("not_after", database.Moment(length=32), nullable=False),
        sa.Column("revoked_at", database.Moment(length=32), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("renews", sa.String(length=50), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "serial"),
    )
    with op.batch_alter_table("issued", schema=None) as batch_op:
        batch_op.create_index("issued_renews", ["kind", "renews"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_resident_id"), ["resident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_revoked_at"), ["revoked_at"], unique=False)

    op.create_table(
        "resident_codes",
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("number_edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("resident_id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "residents",
        sa.Column("resident_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("match_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("folded_by", sa.String(length=16), nullable=False),
        sa.Column("ended", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("resident_id"),
    )
    with op.batch_alter_table("residents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_residents_match_key"), ["match_key"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
