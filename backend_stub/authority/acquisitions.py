"""取得番号: one-time numbers by which a body and the gateway mean the same person without naming anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection

from backend_client.wire import AcquisitionNumber
from backend_stub.authority import synchronisation
from backend_stub.authority.tables import acquisitions
from backend_stub.body import Refusal

LIFETIME = timedelta(minutes=10)


def give(connection: Connection, resident_id: str, for_body: str, handle: str, now: datetime) -> AcquisitionNumber:
    """Make a number that lets `for_body`, and nobody else, get its symbol for the resident; it hears of changes now."""
    synchronisation.hold(connection, for_body, resident_id)
    connection.execute(acquisitions.delete().where(acquisitions.c.given_at < now - LIFETIME))
    number = token_urlsafe(24)
    values = {"resident_id": resident_id, "for_body": for_body, "given_at": now}
    connection.execute(acquisitions.insert().values(digest=_digest(number), **values))
    return AcquisitionNumber(number=number, handle=handle)


def take(connection: Connection, number: str, now: datetime) -> tuple[str, str]:
    """Use the number up: resident id and the body it was given to. Raises Refusal: acquisition_unknown."""
    taken = acquisitions.delete().where(acquisitions.c.digest == _digest(number)).returning(acquisitions)
    row = connection.execute(taken).first()
    if row is None or row.given_at < now - LIFETIME:
        raise Refusal("acquisition_unknown")
    return row.resident_id, row.for_body


def _digest(number: str) -> bytes:
    return sha256(number.encode()).digest()
