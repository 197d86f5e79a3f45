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
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("blocked_at", database.Moment(length=32), nullable=True),
        sa.Column("closed_at", database.Moment(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("symbol"),
    )
    with op.batch_alter_table("folders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_folders_handle"), ["handle"], unique=False)

    op.create_table("heard", sa.Column("cursor", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("cursor"))
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
        "applications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("sent_at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applications_folder_id"), ["folder_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("transaction_number", sa.String(length=39), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder_id", "transaction_number"),
    )
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
        "drafts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.Column("saved_at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder_id", "event"),
    )
    op.create_table(
        "let_in",
        sa.Column("partner_id", sa.String(length=64), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=43), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=True),
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
        sa.Column("heading", sa.LargeBinary(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=False),
        sa.Column("legal_effect", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", database.Moment(length=32), nullable=False),
        sa.Column("opened_at", database.Moment(length=32), nullable=True),
        sa.Column("sender_id", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("receipt", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.String(length=16), nullable=False),
        sa.Column("reply_by", database.Moment(length=32), nullable=True),
        sa.Column("life_event", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("expired_at", database.Moment(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder_id", "sender", "message_id"),
        sa.UniqueConstraint("folder_id", "transaction_number"),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("sent_to", sa.JSON(), nullable=False),
        sa.Column("arrived_at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_folder_id"), ["folder_id"], unique=False)

    op.create_table(
        "proxies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("principal", sa.String(length=32), nullable=False),
        sa.Column("proxy", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("since", database.Moment(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.Column("ended_at", database.Moment(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["principal"],
            ["folders.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proxy"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proxies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proxies_principal"), ["principal"], unique=False)
        batch_op.create_index(batch_op.f("ix_proxies_proxy"), ["proxy"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("folder_id", sa.String(length=32), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("place", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder_id"],
            ["folders.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_folder_id"), ["folder_id"], unique=False)

    op.create_table(
        "documents",
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("heading", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
        ),
        sa.PrimaryKeyConstraint("notice_id", "number"),
    )
    op.create_table(
        "notice_events",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "parcels",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
        ),
        sa.PrimaryKeyConstraint("place"),
        sa.UniqueConstraint("application_id", "receiver"),
        sa.UniqueConstraint("id"),
    )
    with op.batch_alter_table("parcels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcels_application_id"), ["application_id"], unique=False)

    op.create_table(
        "proxy_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proxy_id", sa.String(length=32), nullable=False),
        sa.Column("at", database.Moment(length=32), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["proxy_id"],
            ["proxies.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proxy_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proxy_acts_proxy_id"), ["proxy_id"], unique=False)

    op.create_table(
        "shares",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("until", database.Moment(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )


def downgrade() -> None:
    raise NotImplementedError("databases only go forward")
