"""What registered verifiers may learn: identity, status, change, the latest items, and links of certificates."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from backend_client.wire import (
    CertificateLinks,
    CertificateStatus,
    Changed,
    ChangeRequest,
    Identity,
    IdentityRequest,
    Item,
    ItemsConsent,
    ItemsConsentKept,
    ItemsConsentWithdrawal,
    LatestItems,
    LatestRequest,
    LinkRequest,
    StatusRequest,
)
from backend_stub.authority import acquisitions, consents, lifecycle
from backend_stub.authority.lifecycle import EXPIRED, GOOD, Issued
from backend_stub.authority.profile import Kind
from backend_stub.authority.register import Register
from backend_stub.authority.rights import Right, Rights
from backend_stub.authority.tables import changes, issued, record
from backend_stub.body import Call, Refusal

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
"""Before it nothing is kept, and moments at the very beginning of the calendar cannot be brought to one zone."""


class Confirmations:
    """Each answer is for a certificate that the verifier has seen, leaves a trace, and needs a right of its own."""

    def __init__(self, engine: Engine, register: Register, rights: Rights) -> None:
        self._engine = engine
        self._register = register
        self._rights = rights

    async def confirm(self, call: Call, message: IdentityRequest) -> Identity:
        """Tell a verifier who holds a user authentication certificate, and give it a number for its symbol."""
        self._rights.require(call, Right.IDENTITY)
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, Kind.AUTHENTICATION, message.certificate_serial)
            if not (lifecycle.in_grace(row, call.now) and self._rights.has(call, Right.GRACE)):
                _require_good(row, call.now)
            resident = self._register.resident(connection, str(row.resident_id))
            _trace(connection, call, "confirmation", row)
            handle = self._register.handle(connection, resident.id, call.machine.id)
            acquisition = acquisitions.give(connection, resident.id, call.machine.id, handle, call.now)
            return Identity(items=resident.items, acquisition=acquisition)

    async def confirm_status(self, call: Call, message: StatusRequest) -> CertificateStatus:
        """Tell a verifier whether a certificate stands now."""
        self._rights.require(call, Right.STATUS)
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, message.kind, message.certificate_serial)
            _trace(connection, call, "status", row)
            return CertificateStatus(state=lifecycle.state_of(row, call.now), since=lifecycle.since(row, call.now))

    async def confirm_changes(self, call: Call, message: ChangeRequest) -> Changed:
        """Tell a verifier which of the holder's four items changed since a moment, and not to what."""
        self._rights.require(call, Right.CHANGES)
        if message.since > call.now + consents.SKEW:
            raise Refusal("content_wrong")
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, message.kind, message.certificate_serial)
            _trace(connection, call, "changes", row)
            resident_id = str(row.resident_id)
            later = (changes.c.resident_id == resident_id) & (changes.c.at >= max(message.since, LONG_AGO))
            rows = connection.execute(changes.select().where(later)).all()
            which = {item for one in rows for item in one.which.split(",")}
            registered = self._register.is_registered(connection, resident_id)
            return Changed(items=tuple(item for item in Item if item.value in which), registered=registered)

    async def latest_items(self, call: Call, message: LatestRequest) -> LatestItems:
        """Give a verifier the holder's four items as they are now, with the holder's consent."""
        self._rights.require(call, Right.LATEST)
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, message.kind, message.certificate_serial)
            resident_id = str(row.resident_id)
            consents.require(connection, resident_id, call.machine.id, message, call.now)
            items = self._register.resident(connection, resident_id).items
            _trace(connection, call, "latest items", row)
            return LatestItems(items=items, certificate_serial=_newest(connection, row, message.kind, call.now))

    async def certificate_links(self, call: Call, message: LinkRequest) -> CertificateLinks:
        """Tell a verifier which certificates belong to the holder of one, so that accounts survive a renewal."""
        self._rights.require(call, Right.LINKS)
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, message.kind, message.certificate_serial)
            _trace(connection, call, "links", row)
            return CertificateLinks(
                authentication=_newest(connection, row, Kind.AUTHENTICATION, call.now),
                signature=_newest(connection, row, Kind.SIGNATURE, call.now),
                earlier=_earlier(connection, row),
                later=_later(connection, row),
            )

    async def keep_consent(self, call: Call, message: ItemsConsent) -> ItemsConsentKept:
        """Record what a person signed in at the portal has consented to."""
        with self._engine.begin() as connection:
            row = lifecycle.find(connection, Kind.AUTHENTICATION, message.certificate_serial)
            _require_good(row, call.now)
            _trace(connection, call, "consent", row)
            resident_id, by = str(row.resident_id), call.machine.id
            who_and_what = (message.verifier, message.purpose, message.until)
            return ItemsConsentKept(id=consents.keep(connection, resident_id, *who_and_what, call.now, by))

    async def withdraw_consent(self, call: Call, message: ItemsConsentWithdrawal) -> None:
        """End a consent; it does not come back."""
        with self._engine.begin() as connection:
            resident_id = consents.withdraw(connection, message.id, call.now)
            record(connection, call.now, "consent withdrawn", call.machine.id, resident_id, call.trace_id)


def _require_good(row: Issued, now: datetime) -> None:
    state = lifecycle.state_of(row, now)
    if state is not GOOD:
        raise Refusal("certificate_expired" if state is EXPIRED else "certificate_revoked")


def _trace(connection: Connection, call: Call, act: str, row: Issued) -> None:
    record(connection, call.now, act, call.machine.id, str(row.resident_id), call.trace_id)


def _newest(connection: Connection, row: Issued, kind: Kind, now: datetime) -> str:
    mine = lifecycle.standing(connection, str(row.resident_id), kind)
    return next((str(one.serial) for one in mine if lifecycle.state_of(one, now) is GOOD), "")


def _earlier(connection: Connection, row: Issued) -> tuple[str, ...]:
    chain: list[str] = []
    while row.renews:
        chain.append(str(row.renews))
        row = lifecycle.find(connection, Kind(row.kind), str(row.renews))
    return tuple(chain)


def _later(connection: Connection, row: Issued) -> tuple[str, ...]:
    chain: list[str] = []
    following: Issued | None = row
    while following is not None:
        next_one = (issued.c.kind == following.kind) & (issued.c.renews == following.serial)
        following = connection.execute(issued.select().where(next_one)).first()
        chain += [] if following is None else [str(following.serial)]
    return tuple(chain)
