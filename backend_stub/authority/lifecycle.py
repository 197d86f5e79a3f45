"""The life of a certificate after its issue: a small table of what may follow what.

Good and stopped may change into each other; revoked is for good; expired is a matter of the clock alone. A stop is kept
as a revocation for certificateHold, as OCSP and CRL tell it (RFC 5280, section 5.3.1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cryptography.x509 import ReasonFlags
from sqlalchemy import Connection, Row

from backend_client.wire import CertificateAct, CertificateState
from backend_stub.authority.profile import Kind
from backend_stub.authority.tables import crls, issued, list_of, record
from backend_stub.body import Refusal
from backend_stub.verification import grace

Issued = Row[tuple[object, ...]]
"""A row of the table `issued`."""
GOOD, STOPPED, REVOKED, EXPIRED = CertificateState
STOP, RELEASE, REVOKE = CertificateAct

NEXT: Final = {
    (GOOD, STOP): STOPPED,
    (STOPPED, RELEASE): GOOD,
    (GOOD, REVOKE): REVOKED,
    (STOPPED, REVOKE): REVOKED,
}
"""What is not here does not happen."""
_TRACES: Final = {STOP: "stopped", RELEASE: "released", REVOKE: "revoked"}


def find(connection: Connection, kind: Kind, serial: str) -> Issued:
    """The certificate's row. Raises Refusal: not_found, for what is no serial number as well."""
    if not (serial.isascii() and serial.isdecimal()):
        raise Refusal("not_found")
    one = (issued.c.kind == kind.value) & (issued.c.serial == serial)
    row = connection.execute(issued.select().where(one)).first()
    if row is None:
        raise Refusal("not_found")
    return row


def state_of(row: Issued, now: datetime) -> CertificateState:
    if row.reason == ReasonFlags.certificate_hold.value and now <= row.not_after:
        return STOPPED
    if row.revoked_at is not None and row.reason != ReasonFlags.certificate_hold.value:
        return REVOKED
    return EXPIRED if now > row.not_after else GOOD


def in_grace(row: Issued, now: datetime) -> bool:
    """Whether it has expired so lately that it still counts for 資格確認; what was stopped or revoked does not."""
    return row.revoked_at is None and grace.in_grace(row.not_after, now)


def since(row: Issued, now: datetime) -> datetime:
    """When it came into the state it is in; released certificates do not remember their stop."""
    moment = {GOOD: row.issued_at, EXPIRED: row.not_after}.get(state_of(row, now), row.revoked_at)
    assert isinstance(moment, datetime), "its columns are moments"  # noqa: S101
    return moment


def act(
    connection: Connection,
    row: Issued,
    what: CertificateAct,
    now: datetime,
    *,
    reason: ReasonFlags = ReasonFlags.unspecified,
    machine: str = "authority",
    trace_id: str = "",
) -> None:
    """Bring a certificate into its next state; its CA's list is out of date with it.

    Raises Refusal: not_possible, with nothing changed.
    """
    state = NEXT.get((state_of(row, now), what))
    if state is None:
        raise Refusal("not_possible")
    one = (issued.c.kind == row.kind) & (issued.c.serial == row.serial)
    connection.execute(issued.update().where(one).values(**_values(row, state, reason, now)))
    listed = crls.update().where(crls.c.ca == list_of(str(row.kind), row.generation))
    connection.execute(listed.values(changes=crls.c.changes + 1))
    record(connection, now, f"{_TRACES[what]} {row.kind}", machine, str(row.resident_id), trace_id)


def _values(row: Issued, state: CertificateState, reason: ReasonFlags, now: datetime) -> dict[str, object]:
    if state is GOOD:
        return {"revoked_at": None, "reason": None}
    if state is STOPPED:
        return {"revoked_at": now, "reason": ReasonFlags.certificate_hold.value}
    # One that was stopped counts as revoked from then on: what was signed in between is not to be believed.
    return {"revoked_at": row.revoked_at or now, "reason": reason.value}


def standing(connection: Connection, resident_id: str, kind: Kind) -> list[Issued]:
    """The person's certificates of a kind, the newest first, whatever their state."""
    mine = (issued.c.resident_id == resident_id) & (issued.c.kind == kind.value)
    return list(connection.execute(issued.select().where(mine).order_by(issued.c.issued_at.desc())).all())


def renewed(connection: Connection, row: Issued) -> bool:
    """Whether another has taken its place."""
    later = (issued.c.kind == row.kind) & (issued.c.renews == row.serial)
    return connection.execute(issued.select().where(later)).first() is not None


def revoke_all(
    connection: Connection, resident_id: str, kinds: tuple[Kind, ...], reason: ReasonFlags, now: datetime, trace_id: str
) -> None:
    """Revoke what a person has that is good or stopped: of itself, for the register has changed."""
    for kind in kinds:
        for row in standing(connection, resident_id, kind):
            if (state_of(row, now), REVOKE) in NEXT:
                act(connection, row, REVOKE, now, reason=reason, trace_id=trace_id)
