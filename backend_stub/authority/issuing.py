"""Issuing certificates for the cards of a data folder."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from backend_stub.authority.certificates import new_certificate
from backend_stub.authority.keys import Ca, open_keys
from backend_stub.authority.revocation import revoke
from backend_stub.authority.tables import TABLES, issued, record
from backend_stub.database import open_database
from backend_stub.keyfile import replace
from backend_stub.people import Flaw, Resident

log = logging.getLogger(__name__)

DATABASE = "authority.db"


class NotIssued(Exception):
    """A certificate request is not in order. The text names the reason, never a person."""


def issue_cards(
    data: Path, authority_dir: Path, residents: tuple[Resident, ...], now: datetime, database_url: str = ""
) -> list[str]:
    """Give every card folder `data`/cards/NAME that asks by `auth.csr` (and `sign.csr`) its certificates, DER.

    A request is PKCS#10 in PEM, RSA-2048, with a resident's id as common name. Certificates already there stay if this
    authority issued them for the same key. `database_url` is the authority's; by default it lies in its folder.
    Returns the names of the folders that got something; a folder whose request is not in order is logged and left.
    """
    keys = open_keys(authority_dir, now)
    engine = open_database(database_url or f"sqlite:///{authority_dir / DATABASE}", TABLES)
    office = _Office(engine, {resident.id: resident for resident in residents}, now)
    served = []
    for folder in sorted(path.parent for path in data.glob("cards/*/auth.csr")):
        try:
            new = [office.serve(folder, ca) for ca in keys.cas.values()]
            if any(new):
                served.append(folder.name)
        except NotIssued as exc:
            log.warning("card folder %s: no certificate, %s", folder.name, exc)
    engine.dispose()
    return served


class _Office:
    def __init__(self, engine: Engine, residents: dict[str, Resident], now: datetime) -> None:
        self._engine = engine
        self._residents = residents
        self._now = now

    def serve(self, folder: Path, ca: Ca) -> bool:
        """Issue the certificate of the CA's kind if it is asked for and not there; whether that was so."""
        path = folder / f"{ca.kind.value}.csr"
        if not path.exists():
            return False
        resident, key = self._read(path.read_bytes())
        replace(folder / f"{ca.kind.value}-ca.cer", ca.certificate.public_bytes(Encoding.DER))
        target = folder / f"{ca.kind.value}.cer"
        if self._stands(target, key, ca):
            return False
        replace(target, self._issue(resident, key, ca))
        return True

    def _read(self, pem: bytes) -> tuple[Resident, RSAPublicKey]:
        try:
            request = x509.load_pem_x509_csr(pem)
            key, names = request.public_key(), request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            signed = request.is_signature_valid
        except (ValueError, UnsupportedAlgorithm) as exc:
            raise NotIssued("the request cannot be read") from exc
        if not signed:
            raise NotIssued("the request is not signed with its own key")
        if not isinstance(key, RSAPublicKey) or key.key_size != 2048 or key.public_numbers().e != 65537:
            raise NotIssued("the key is not RSA-2048 with exponent 65537")
        resident = self._residents.get(str(names[0].value)) if len(names) == 1 else None
        if resident is None:
            raise NotIssued("the request names no resident")
        return resident, key

    def _stands(self, path: Path, key: RSAPublicKey, ca: Ca) -> bool:
        """Whether the file holds a certificate of this key that this CA issued and knows."""
        if not path.exists():
            return False
        try:
            certificate = x509.load_der_x509_certificate(path.read_bytes())
            certificate.verify_directly_issued_by(ca.certificate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return False
        where = (issued.c.kind == ca.kind.value) & (issued.c.serial == str(certificate.serial_number))
        with self._engine.connect() as connection:
            known = connection.execute(issued.select().where(where)).first() is not None
        return known and certificate.public_key() == key

    def _issue(self, resident: Resident, key: RSAPublicKey, ca: Ca) -> bytes:
        certificate = new_certificate(resident, key, ca, self._now)
        serial = certificate.serial_number
        with self._engine.begin() as connection:
            row = {"kind": ca.kind.value, "serial": str(serial), "not_after": certificate.not_valid_after_utc}
            connection.execute(issued.insert().values(resident_id=resident.id, **row))
            record(connection, self._now, f"issued {ca.kind.value}", "authority", resident.id, "")
        if resident.flaw is Flaw.REVOKED:
            revoke(self._engine, serial, x509.ReasonFlags.key_compromise, self._now, ca.kind)
        return certificate.public_bytes(Encoding.DER)
