"""Revoking a certificate from within: for the composition and the command line."""

from __future__ import annotations

from datetime import datetime

from cryptography.x509 import ReasonFlags
from sqlalchemy import Engine

from backend_stub.authority import lifecycle
from backend_stub.authority.profile import Kind
from backend_stub.authority.tables import issued


class NeverIssued(Exception):
    """The authority has issued no such certificate."""


def revoke(engine: Engine, serial: int, reason: ReasonFlags, now: datetime, kind: Kind = Kind.AUTHENTICATION) -> None:
    """Revoke a certificate for good; a second time, or after its term, changes nothing. Raises NeverIssued."""
    one = (issued.c.kind == kind.value) & (issued.c.serial == str(serial))
    with engine.begin() as connection:
        row = connection.execute(issued.select().where(one)).first()
        if row is None:
            raise NeverIssued
        if (lifecycle.state_of(row, now), lifecycle.REVOKE) in lifecycle.NEXT:
            lifecycle.act(connection, row, lifecycle.REVOKE, now, reason=reason)
