"""Revocation lists (RFC 5280, section 5): whole, one for each CA, made anew each hour and when they are out of date.

Nothing is made or signed before somebody asks. Who asks again with the tag of the list in use is told that it is.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine, select

from backend_stub.authority.keys import Ca, Keys
from backend_stub.authority.rights import Right, Rights
from backend_stub.authority.tables import crls, issued, list_of
from backend_stub.body import Call, Refusal
from backend_stub.database import FIRST
from backend_stub.endpoint import Tagged

EVERY: Final = timedelta(hours=1)
HOLDS: Final = timedelta(hours=2)
"""Longer than EVERY: the list in use stays good while verifiers fetch the next."""
AFTERWARDS: Final = timedelta(days=1)
"""By so long the revoked stay listed after their term: RFC 5280 wants them in one list more."""

_NONE_YET: Final = {"changes": 0, "as_of": 0, "number": 0, "made_at": FIRST, "content": b""}


class RevocationLists:
    """The lists of all CAs, kept as they were last made; numbers go up by one and survive a restart.

    Every change of a certificate counts in its CA's row (lifecycle.act), so one look at that tells whether the list is
    out of date, whoever made the change.
    """

    def __init__(self, engine: Engine, keys: Keys, rights: Rights) -> None:
        self._engine = engine
        self._cas = {(ca.kind.value, str(ca.generation.number)): ca for ca in keys.every_ca}
        self._rights = rights
        self._made: dict[str, tuple[int, Tagged]] = {}
        """By CA: number and content, as the database has them."""
        self._making = asyncio.Lock()
        with engine.begin() as connection:  # before any change that they would have to count
            there = set(connection.execute(select(crls.c.ca)).scalars())
            for ca in self._cas.values():
                if _name(ca) not in there:
                    connection.execute(crls.insert().values({**_NONE_YET, "ca": _name(ca)}))

    async def revocation_list(self, call: Call, _message: None) -> Tagged:
        """Give the revocation list of a CA, DER; for registered verifiers only, as the law has it."""
        self._rights.require(call, Right.CRL)
        ca = self._cas.get((call.params["kind"], call.params["generation"]))
        if ca is None:
            raise Refusal("not_found")
        async with self._making:  # two at once would make two lists of one number
            kept = self._kept(ca, call.now)
            return await asyncio.to_thread(self._make, ca, call.now) if kept is None else kept

    def _kept(self, ca: Ca, now: datetime) -> Tagged | None:
        with self._engine.connect() as connection:
            row = _row(connection, ca)
            # One made in the future is of a clock that was wrong.
            if not row.number or row.as_of != row.changes or not timedelta(0) <= now - row.made_at < EVERY:
                return None
            number, made = self._made.get(_name(ca), (0, None))
            if made is not None and number == row.number:
                return made
            content = connection.execute(select(crls.c.content).where(crls.c.ca == _name(ca))).scalar_one()
        return self._remember(ca, row.number, bytes(content))

    def _make(self, ca: Ca, now: datetime) -> Tagged:
        with self._engine.connect() as connection:
            row = _row(connection, ca)  # first: what changes after this makes the list out of date
            revoked = _revoked(connection, ca, now)
        content = build(ca, revoked, row.number + 1, now)
        values = {"number": row.number + 1, "as_of": row.changes, "made_at": now, "content": content}
        with self._engine.begin() as connection:
            connection.execute(crls.update().where(crls.c.ca == _name(ca)).values(values))
        return self._remember(ca, row.number + 1, content)

    def _remember(self, ca: Ca, number: int, content: bytes) -> Tagged:
        made = Tagged(content, f'"{sha256(content).hexdigest()}"')
        self._made[_name(ca)] = number, made
        return made


def _row(connection: Connection, ca: Ca) -> Any:
    columns = (crls.c.number, crls.c.changes, crls.c.as_of, crls.c.made_at)
    return connection.execute(select(*columns).where(crls.c.ca == _name(ca))).one()


def _revoked(connection: Connection, ca: Ca, now: datetime) -> list[tuple[str, datetime, str]]:
    mine = (issued.c.kind == ca.kind.value) & (issued.c.generation == ca.generation.number)
    listed = mine & issued.c.revoked_at.is_not(None) & (issued.c.not_after > now - AFTERWARDS)
    columns = (issued.c.serial, issued.c.revoked_at, issued.c.reason)
    rows = connection.execute(issued.select().with_only_columns(*columns).where(listed)).all()
    return [(row.serial, row.revoked_at, row.reason) for row in rows]


def build(ca: Ca, revoked: list[tuple[str, datetime, str]], number: int, now: datetime) -> bytes:
    """Make and sign a list, DER, of serial numbers with moment and reason."""
    reasons = {reason.value: _why(reason) for reason in x509.ReasonFlags}
    reasons[x509.ReasonFlags.unspecified.value] = []  # is not written: RFC 5280, section 5.3.1
    entries = [_entry(int(serial), at, reasons[reason]) for serial, at, reason in revoked]
    own = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    # Given at once: added one by one, the builder would copy all that came before each time.
    builder = x509.CertificateRevocationListBuilder(ca.certificate.subject, now, now + HOLDS, [], entries)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False)
    builder = builder.add_extension(x509.CRLNumber(number), False)
    return builder.sign(ca.key, ca.generation.scheme.digest).public_bytes(Encoding.DER)


def _why(reason: x509.ReasonFlags) -> list[x509.Extension[x509.ExtensionType]]:
    return [x509.Extension(x509.CRLReason.oid, False, x509.CRLReason(reason))]


def _entry(serial: int, at: datetime, extensions: list[x509.Extension[x509.ExtensionType]]) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(serial, at.replace(tzinfo=None), extensions)
    return builder.build()


def _name(ca: Ca) -> str:
    return list_of(ca.kind.value, ca.generation.number)
