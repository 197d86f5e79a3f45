"""Issuing one certificate: for a card's request or at the counter, in one way."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection

from backend_stub.authority import lifecycle
from backend_stub.authority.certificates import new_certificate
from backend_stub.authority.generations import CURRENT, OLD, P384
from backend_stub.authority.keys import Ca, Keys
from backend_stub.authority.profile import Kind
from backend_stub.authority.tables import issued, record
from backend_stub.people import Flaw, Resident
from backend_stub.verification.schemes import PublicKey


class NotIssued(Exception):
    """A certificate request is not in order. The text names the reason, never a person."""


def requested_key(request: x509.CertificateSigningRequest) -> PublicKey:
    """The key of a request that is signed with it and fit for a card. Raises NotIssued."""
    try:
        key, signed = request.public_key(), request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm) as exc:
        raise NotIssued("the request cannot be read") from exc
    if not signed:
        raise NotIssued("the request is not signed with its own key")
    if isinstance(key, RSAPublicKey) and key.key_size == 2048 and key.public_numbers().e == 65537:
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return key
    raise NotIssued("the key is neither RSA-2048 with exponent 65537 nor P-384")


def responsible(keys: Keys, kind: Kind, resident: Resident, key: PublicKey) -> Ca:
    """The CA for a key: its kind of key says which generation."""
    if isinstance(key, EllipticCurvePublicKey):
        return keys.ca(kind, P384)
    return keys.ca(kind, OLD if resident.old_ca else CURRENT)


def issue(
    connection: Connection,
    ca: Ca,
    resident: Resident,
    key: PublicKey,
    now: datetime,
    *,
    renews: str = "",
    machine: str = "authority",
    trace_id: str = "",
) -> x509.Certificate:
    """Make a certificate and keep what is needed to answer for it; what it renews is superseded."""
    certificate = new_certificate(resident, key, ca, now)
    row = {
        "kind": ca.kind.value,
        "serial": str(certificate.serial_number),
        "resident_id": resident.id,
        "generation": ca.generation.number,
        "issued_at": now,
        "not_after": certificate.not_valid_after_utc,
        "renews": renews,
        "public_key": key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    }
    connection.execute(issued.insert().values(**row))
    record(connection, now, f"issued {ca.kind.value}", machine, resident.id, trace_id)
    if renews:
        _end(connection, ca.kind, renews, x509.ReasonFlags.superseded, now)
    if resident.flaw is Flaw.REVOKED:
        _end(connection, ca.kind, row["serial"], x509.ReasonFlags.key_compromise, now)
    return certificate


def _end(connection: Connection, kind: Kind, serial: object, reason: x509.ReasonFlags, now: datetime) -> None:
    row = lifecycle.find(connection, kind, str(serial))
    if (lifecycle.state_of(row, now), lifecycle.REVOKE) in lifecycle.NEXT:
        lifecycle.act(connection, row, lifecycle.REVOKE, now, reason=reason)
