"""Consents to give a verifier the latest four items: recorded by the portal, or signed by the person's own card."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sqlalchemy import Connection

from backend_client.wire import LatestRequest, SignedConsent, consent_text
from backend_stub.authority import lifecycle
from backend_stub.authority.profile import Kind
from backend_stub.authority.tables import consents
from backend_stub.body import Refusal
from backend_stub.verification.schemes import PublicKey, check_token_signature
from backend_stub.verification.token import from_base64

SKEW: Final = timedelta(seconds=60)
"""By so much may another's clock be ahead of ours."""
FRESH: Final = timedelta(minutes=10)
"""A signed consent is presented within this; later it could have been dated back by who found the card."""
LONGEST: Final = timedelta(days=5 * 366)


def keep(
    connection: Connection, resident_id: str, verifier: str, purpose: str, until: datetime, now: datetime, by: str
) -> str:
    """Record a consent; gives its id. Raises Refusal: content_wrong, for one that is over or without end."""
    if not now < until <= now + LONGEST:
        raise Refusal("content_wrong")
    values = {"id": token_hex(16), "resident_id": resident_id, "verifier": verifier, "purpose": purpose}
    connection.execute(consents.insert().values(**values, given_at=now, until=until, recorded_by=by))
    return values["id"]


def withdraw(connection: Connection, consent_id: str, now: datetime) -> str:
    """End a consent; gives the person's id. Raises Refusal: not_found."""
    one = (consents.c.id == consent_id) & consents.c.withdrawn_at.is_(None)
    row = connection.execute(consents.update().where(one).values(withdrawn_at=now).returning(consents)).first()
    if row is None:
        raise Refusal("not_found")
    return str(row.resident_id)


def require(connection: Connection, resident_id: str, verifier: str, request: LatestRequest, now: datetime) -> None:
    """Find a consent in force, or take the one that comes along. Raises Refusal: consent_missing."""
    if request.consent is not None:
        _check(connection, resident_id, verifier, request.purpose, request.consent, now)
        keep(connection, resident_id, verifier, request.purpose, request.consent.until, now, by=verifier)
        return
    mine = (consents.c.resident_id == resident_id) & (consents.c.verifier == verifier)
    force = (consents.c.purpose == request.purpose) & consents.c.withdrawn_at.is_(None) & (consents.c.until > now)
    if connection.execute(consents.select().where(mine & force)).first() is None:
        raise Refusal("consent_missing")


def _check(
    connection: Connection, resident_id: str, verifier: str, purpose: str, consent: SignedConsent, now: datetime
) -> None:
    row = lifecycle.find(connection, Kind.AUTHENTICATION, consent.certificate_serial)
    in_order = row.resident_id == resident_id and lifecycle.state_of(row, now) is lifecycle.GOOD
    if not in_order or not now - FRESH <= consent.given_at <= now + SKEW:
        raise Refusal("consent_missing")
    text = consent_text(verifier, purpose, consent.certificate_serial, consent.given_at, consent.until)
    key = load_der_public_key(row.public_key)
    assert isinstance(key, PublicKey), "it was issued for"  # noqa: S101
    try:
        check_token_signature(key, from_base64(consent.signature), text)
    except InvalidSignature as exc:
        raise Refusal("consent_missing") from exc
