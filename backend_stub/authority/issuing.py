"""Issuing certificates for the cards of a data folder."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from backend_stub.authority.certificates import new_certificate
from backend_stub.authority.generations import CURRENT, OLD, P384, Generation
from backend_stub.authority.keys import Ca, Keys, open_keys
from backend_stub.authority.profile import Kind
from backend_stub.authority.revocation import revoke
from backend_stub.authority.tables import TABLES, issued, record
from backend_stub.database import open_database
from backend_stub.keyfile import replace
from backend_stub.people import Flaw, Resident
from backend_stub.verification.schemes import PublicKey

log = logging.getLogger(__name__)

DATABASE = "authority.db"


class NotIssued(Exception):
    """A certificate request is not in order. The text names the reason, never a person."""


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
    office = _Office(engine, keys, {resident.id: resident for resident in residents}, now)
    served = []
    for folder in sorted(path.parent for path in data.glob("cards/*/auth.csr")):
        try:
            new = [office.serve(folder, kind) for kind in Kind]
            if any(new):
                served.append(folder.name)
        except NotIssued as exc:
            log.warning("card folder %s: no certificate, %s", folder.name, exc)
    engine.dispose()
    return served


class _Office:
    def __init__(self, engine: Engine, keys: Keys, residents: dict[str, Resident], now: datetime) -> None:
        self._engine = engine
        self._keys = keys
        self._residents = residents
        self._now = now

    def serve(self, folder: Path, kind: Kind) -> bool:
        """Issue the certificate of a kind if it is asked for and not there; whether that was so."""
        before = f"{kind.value}-before"
        new = [self._serve(folder, name, kind) for name in (before, kind.value)]
        self._supersede(folder / f"{before}.cer", kind)
        return any(new)

    def _serve(self, folder: Path, name: str, kind: Kind) -> bool:
        path, target = folder / f"{name}.csr", folder / f"{name}.cer"
        if not path.exists():
            return False
        resident, key = self._read(path.read_bytes())
        ca = self._keys.ca(kind, _generation(resident, key))
        replace(folder / f"{name}-ca.cer", ca.certificate.public_bytes(Encoding.DER))
        if self._stands(target, key, ca):
            return False
        replace(target, self._issue(resident, key, ca))
        return True

    def _supersede(self, path: Path, kind: Kind) -> None:
        """Revoke what a renewal has replaced, where there is such a thing; again and again does no harm."""
        if path.exists():
            serial = x509.load_der_x509_certificate(path.read_bytes()).serial_number
            revoke(self._engine, serial, x509.ReasonFlags.superseded, self._now, kind)

    def _read(self, pem: bytes) -> tuple[Resident, PublicKey]:
        try:
            request = x509.load_pem_x509_csr(pem)
            key, names = request.public_key(), request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            signed = request.is_signature_valid
        except (ValueError, UnsupportedAlgorithm) as exc:
            raise NotIssued("the request cannot be read") from exc
        if not signed:
            raise NotIssued("the request is not signed with its own key")
        resident = self._residents.get(str(names[0].value)) if len(names) == 1 else None
        if resident is None:
            raise NotIssued("the request names no resident")
        return resident, _known_key(key)

    def _stands(self, path: Path, key: PublicKey, ca: Ca) -> bool:
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

    def _issue(self, resident: Resident, key: PublicKey, ca: Ca) -> bytes:
        certificate = new_certificate(resident, key, ca, self._now)
        serial = certificate.serial_number
        with self._engine.begin() as connection:
            row = {"kind": ca.kind.value, "serial": str(serial), "not_after": certificate.not_valid_after_utc}
            connection.execute(issued.insert().values(resident_id=resident.id, **row))
            record(connection, self._now, f"issued {ca.kind.value}", "authority", resident.id, "")
        if resident.flaw is Flaw.REVOKED:
            revoke(self._engine, serial, x509.ReasonFlags.key_compromise, self._now, ca.kind)
        return certificate.public_bytes(Encoding.DER)


def _known_key(key: object) -> PublicKey:
    if isinstance(key, RSAPublicKey) and key.key_size == 2048 and key.public_numbers().e == 65537:
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return key
    raise NotIssued("the key is neither RSA-2048 with exponent 65537 nor P-384")


def _generation(resident: Resident, key: PublicKey) -> Generation:
    if isinstance(key, EllipticCurvePublicKey):
        return P384
    return OLD if resident.old_ca else CURRENT
