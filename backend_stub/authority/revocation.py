"""Revoking certificates."""

from __future__ import annotations

from datetime import datetime

from cryptography.x509 import ReasonFlags
from sqlalchemy import Engine

from backend_stub.authority.profile import Kind
from backend_stub.authority.tables import issued, record


class NeverIssued(Exception):
    """The authority has issued no such certificate."""


def revoke(engine: Engine, serial: int, reason: ReasonFlags, now: datetime, kind: Kind = Kind.AUTHENTICATION) -> None:
    """Revoke a certificate for good; a second time changes nothing. Raises NeverIssued."""
    one = (issued.c.kind == kind.value) & (issued.c.serial == str(serial))
    with engine.begin() as connection:
        row = connection.execute(issued.select().where(one)).first()
        if row is None:
            raise NeverIssued
        if row.revoked_at is None:
            connection.execute(issued.update().where(one).values(revoked_at=now, reason=reason.value))
            record(connection, now, f"revoked {kind.value}", "authority", row.resident_id, "")
