"""What a person at a terminal wants to know of a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.errors import BadAnswer


class Validity(Enum):
    """By the dates alone; revocation is the portal's question."""

    VALID = "valid"
    NOT_YET = "not valid yet"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    subject: str
    issuer: str
    serial: str
    """Hexadecimal."""
    not_before: datetime
    not_after: datetime
    key: str
    """Kind and size, such as RSA-2048."""
    validity: Validity


def certificate_facts(der: bytes, now: datetime) -> CertificateFacts:
    """Parse; nothing is verified. Raises BadAnswer for bytes that are no certificate."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        return CertificateFacts(
            subject=certificate.subject.rfc4514_string(),
            issuer=certificate.issuer.rfc4514_string(),
            serial=f"{certificate.serial_number:X}",
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            key=_key(certificate),
            validity=_validity(certificate, now),
        )
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as exc:
        raise BadAnswer("no certificate") from exc


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, RSAPublicKey):
        return f"RSA-{key.key_size}"
    return key.curve.name if isinstance(key, EllipticCurvePublicKey) else type(key).__name__


def _validity(certificate: x509.Certificate, now: datetime) -> Validity:
    if now < certificate.not_valid_before_utc:
        return Validity.NOT_YET
    return Validity.VALID if now <= certificate.not_valid_after_utc else Validity.EXPIRED
