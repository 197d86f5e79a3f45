"""Issuing certificates for the cards of a data folder."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection

from backend_stub.authority.issuance import NotIssued, issue, requested_key, responsible
from backend_stub.authority.keys import Ca, Keys, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.authority.register import Register
from backend_stub.authority.tables import TABLES, issued
from backend_stub.body import Refusal
from backend_stub.database import open_database
from backend_stub.keyfile import replace
from backend_stub.people import Resident
from backend_stub.verification.schemes import PublicKey

log = logging.getLogger(__name__)

DATABASE = "authority.db"


def issue_cards(
    data: Path, authority_dir: Path, residents: tuple[Resident, ...], now: datetime, database_url: str = ""
) -> list[str]:
    """Give every card folder `data`/cards/NAME that asks by `auth.csr` (and `sign.csr`) its certificates, DER.

    A request is PKCS#10 in PEM with a resident's id as common name; its key, RSA-2048 or P-384, says which generation
    of the CAs signs. `auth-before.csr` and `sign-before.csr` ask for what a renewal then supersedes. Certificates
    already there stay if this authority issued them for the same key. `database_url` is the authority's; by default it
    lies in its folder.
    Returns the names of the folders that got something; a folder whose request is not in order is logged and left.
    """
    keys = open_keys(authority_dir, now)
    engine = open_database(database_url or f"sqlite:///{authority_dir / DATABASE}", TABLES)
    register = Register(engine, residents, keys.register, keys.pseudonym)
    served = []
    # One transaction for all; no certificate leaves before it is durable that it was issued.
    with engine.begin() as connection:
        office = _Office(connection, keys, register, now)
        for folder in sorted(path.parent for path in data.glob("cards/*/auth.csr")):
            try:
                new = [office.serve(folder, kind) for kind in Kind]
                if any(new):
                    served.append(folder.name)
            except NotIssued as exc:
                log.warning("card folder %s: no certificate, %s", folder.name, exc)
    for path, der in office.ready.items():
        replace(path, der)
    engine.dispose()
    return served


class _Office:
    def __init__(self, connection: Connection, keys: Keys, register: Register, now: datetime) -> None:
        self.ready: dict[Path, bytes] = {}
        """Certificates by the files they go to."""
        self._connection = connection
        self._keys = keys
        self._register = register
        self._now = now

    def serve(self, folder: Path, kind: Kind) -> bool:
        """Issue the certificate of a kind if it is asked for and not there; whether that was so."""
        before = self._serve(folder, f"{kind.value}-before", kind)
        return self._serve(folder, kind.value, kind) or before

    def _serve(self, folder: Path, name: str, kind: Kind) -> bool:
        path, target = folder / f"{name}.csr", folder / f"{name}.cer"
        if not path.exists():
            return False
        resident, key = self._read(self._connection, path.read_bytes())
        ca = responsible(self._keys, kind, resident, key)
        self._put(folder / f"{name}-ca.cer", ca.certificate.public_bytes(Encoding.DER))
        if _stands(self._connection, target, key, ca):
            return False
        renews = self._serial(folder / f"{name}-before.cer")
        certificate = issue(self._connection, ca, resident, key, self._now, renews=renews)
        self._put(target, certificate.public_bytes(Encoding.DER))
        return True

    def _put(self, path: Path, der: bytes) -> None:
        if not path.exists() or path.read_bytes() != der:
            self.ready[path] = der

    def _serial(self, path: Path) -> str:
        """Of the certificate that a renewal takes the place of; empty where there is none."""
        der = self.ready.get(path) or (path.read_bytes() if path.exists() else b"")
        return str(x509.load_der_x509_certificate(der).serial_number) if der else ""

    def _read(self, connection: Connection, pem: bytes) -> tuple[Resident, PublicKey]:
        try:
            request = x509.load_pem_x509_csr(pem)
            names = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        except (ValueError, UnsupportedAlgorithm) as exc:
            raise NotIssued("the request cannot be read") from exc
        key = requested_key(request)
        try:
            return self._register.resident(connection, str(names[0].value) if len(names) == 1 else ""), key
        except Refusal as exc:
            raise NotIssued("the request names no resident") from exc


def _stands(connection: Connection, path: Path, key: PublicKey, ca: Ca) -> bool:
    """Whether the file holds a certificate of this key that this CA issued and knows."""
    if not path.exists():
        return False
    try:
        certificate = x509.load_der_x509_certificate(path.read_bytes())
        certificate.verify_directly_issued_by(ca.certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    where = (issued.c.kind == ca.kind.value) & (issued.c.serial == str(certificate.serial_number))
    return connection.execute(issued.select().where(where)).first() is not None and certificate.public_key() == key
