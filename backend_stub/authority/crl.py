"""Revocation lists (RFC 5280, section 5): whole, one for each CA, made anew each hour or when none is left.

A revocation is in the list after an hour at most; who cannot wait asks by OCSP, which knows at once.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine

from backend_stub.authority.keys import Ca, Keys
from backend_stub.authority.rights import Right, Rights
from backend_stub.authority.tables import crls, issued
from backend_stub.body import Call, Refusal

EVERY: Final = timedelta(hours=1)
HOLDS: Final = timedelta(hours=2)
"""Longer than EVERY: the list in use stays good while verifiers fetch the next."""
AFTERWARDS: Final = timedelta(days=1)
"""By so long the revoked stay listed after their term: RFC 5280 wants them in one list more."""


class RevocationLists:
    """The lists of all CAs, kept as they were last made; numbers go up by one and survive a restart."""

    def __init__(self, engine: Engine, keys: Keys, rights: Rights) -> None:
        self._engine = engine
        self._cas = {(ca.kind.value, str(ca.generation.number)): ca for ca in keys.every_ca}
        self._rights = rights
        self._making = asyncio.Lock()

    async def revocation_list(self, call: Call, _message: None) -> bytes:
        """Give the revocation list of a CA, DER; for registered verifiers only, as the law has it."""
        self._rights.require(call, Right.CRL)
        ca = self._cas.get((call.params["kind"], call.params["generation"]))
        if ca is None:
            raise Refusal("not_found")
        async with self._making:  # two at once would make two lists of one number
            kept = self._kept(ca, call.now)
            return await asyncio.to_thread(self._make, ca, call.now) if kept is None else kept

    def _kept(self, ca: Ca, now: datetime) -> bytes | None:
        with self._engine.connect() as connection:
            row = connection.execute(crls.select().where(crls.c.ca == _name(ca))).first()
        # One made in the future is of a clock that was wrong.
        return bytes(row.content) if row is not None and timedelta(0) <= now - row.made_at < EVERY else None

    def _make(self, ca: Ca, now: datetime) -> bytes:
        with self._engine.connect() as connection:
            last = connection.execute(crls.select().where(crls.c.ca == _name(ca))).first()
            revoked = _revoked(connection, ca, now)
        number = 1 if last is None else last.number + 1
        content = build(ca, revoked, number, now)
        with self._engine.begin() as connection:
            connection.execute(crls.delete().where(crls.c.ca == _name(ca)))
            connection.execute(crls.insert().values(ca=_name(ca), number=number, made_at=now, content=content))
        return content


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
    return f"{ca.kind.value}-{ca.generation.number}"
