"""What the portal stores: as little as it can. No address, no birth date, no Individual Number."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from backend_stub.database import Moment
from backend_stub.holding import beside

TABLES = MetaData(info={"migrations": "portal"})

folders = Table(
    "folders",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("symbol", String(66), nullable=False, unique=True),  # the only key to a person outside
    Column("name", String(200), nullable=False),  # for the greeting
    Column("opened_at", Moment, nullable=False),
    Column("last_sign_in_at", Moment),
    Column("last_sign_in_place", String(50)),
    Column("handle", String(64), nullable=False, index=True),  # the authority's, by which it tells of changes
    Column("blocked_at", Moment),  # the holder did not know a sign-in; until the counter releases it
    Column("closed_at", Moment),  # the holder has died or left
)

sign_ins = Table(
    "sign_ins",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("place", String(50), nullable=False),
)

heard = Table("heard", TABLES, Column("cursor", Integer, primary_key=True))
"""How far the authority's changes have been heard: one row, or none."""

certificates = Table(
    "certificates",
    TABLES,
    Column("serial", String(50), primary_key=True),  # decimal
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
)

notices = Table(
    "notices",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False),
    Column("transaction_number", String(64)),  # of the gateway; none for notices of companies
    Column("sender", String(100), nullable=False),
    Column("sender_kind", String(16), nullable=False),
    Column("heading", LargeBinary, nullable=False),  # sealed for the folder
    Column("letter", LargeBinary, nullable=False),  # the same, and opened in a visit only
    Column("legal_effect", Boolean, nullable=False),
    Column("arrived_at", Moment, nullable=False),
    Column("opened_at", Moment),  # the receipt
    Column("sender_id", String(64)),  # of a company, which hears what becomes of it
    Column("message_id", String(64)),  # the sender's own
    Column("receipt", Boolean, nullable=False),
    Column("weight", String(16), nullable=False),
    Column("reply_by", Moment),
    Column("life_event", String(64), nullable=False),
    Column("mark", String(16), nullable=False),
    Column("expired_at", Moment),  # its sender was told that nobody opened it in time
    UniqueConstraint("folder_id", "transaction_number"),
    UniqueConstraint("folder_id", "sender", "message_id"),
)

documents = Table(
    "documents",
    TABLES,
    Column("notice_id", String(32), ForeignKey(notices.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("heading", LargeBinary, nullable=False),  # as with notices
    Column("content", LargeBinary, nullable=False),
)

shares = Table(
    "shares",
    TABLES,
    Column("code", String(8), primary_key=True),
    Column("notice_id", String(32), ForeignKey(notices.c.id), nullable=False),
    Column("until", Moment, nullable=False),
)

notice_events = Table(
    "notice_events",
    TABLES,
    Column("number", Integer, primary_key=True),  # the order in which they go out
    Column("id", String(32), nullable=False, unique=True),
    Column("notice_id", String(32), ForeignKey(notices.c.id), nullable=False),
    Column("receiver", String(64), nullable=False),
    Column("type", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

consents = Table(
    "consents",
    TABLES,
    Column("folder_id", String(32), ForeignKey(folders.c.id), primary_key=True),
    Column("law", String(64), primary_key=True),
    Column("until", Moment, nullable=False),
)
"""What the gateway was told, so that the person can read it; what counts is kept there."""

symbols_beside = beside(TABLES)

let_in = Table(
    "let_in",
    TABLES,
    Column("partner_id", String(64), primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), primary_key=True),
    Column("handle", String(43), nullable=False, unique=True),
    Column("until", Moment),  # none: until the counter is told otherwise
)

drafts = Table(
    "drafts",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False),
    Column("event", String(64), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("receivers", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("folder_id", "event"),
)

applications = Table(
    "applications",
    TABLES,
    Column("id", String(32), primary_key=True),  # its draft's
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
    Column("event", String(64), nullable=False),
    Column("number", String(16), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("sent_at", Moment, nullable=False),
)

parcels = Table(
    "parcels",
    TABLES,
    Column("place", Integer, primary_key=True),  # the order in which papers go out
    Column("id", String(32), nullable=False, unique=True),  # towards the body
    Column("application_id", String(32), ForeignKey(applications.c.id), nullable=False, index=True),
    Column("receiver", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("paper", Text),  # until the body has it
    UniqueConstraint("application_id", "receiver"),
)

post = Table(
    "post",
    TABLES,
    Column("id", String(32), primary_key=True),  # the parcel's that it answers
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
    Column("issuer", String(64), nullable=False),
    Column("statement", LargeBinary, nullable=False),  # with its signature; sealed for the folder
    Column("sent_to", JSON, nullable=False),
    Column("arrived_at", Moment, nullable=False),
)

cases = Table(
    "cases",
    TABLES,
    Column("id", String(32), primary_key=True),  # towards the commission
    Column("folder_id", String(32), ForeignKey(folders.c.id), nullable=False),
    Column("transaction_number", String(39), nullable=False),
    Column("opened_at", Moment, nullable=False),
    UniqueConstraint("folder_id", "transaction_number"),
)

proxies = Table(
    "proxies",
    TABLES,
    Column("id", String(32), primary_key=True),
    Column("principal", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
    Column("proxy", String(32), ForeignKey(folders.c.id), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("hidden", JSON, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),
)

proxy_acts = Table(
    "proxy_acts",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("proxy_id", String(32), ForeignKey(proxies.c.id), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("scope", String(16), nullable=False),
)
