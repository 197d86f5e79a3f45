"""Doctors' certificates of a test authority, and the check of what was signed under one.

The real ones are HPKI: cards with X.509 certificates of another profile, and XAdES. Nothing here can be taken for that.
Source: card reference, section 8.3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from backend_client.wire import PRESCRIPTION_DOMAIN
from backend_stub.keyfile import keep

ISSUER = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "HPKI-EMU Test CA (not HPKI)")])
TERM = timedelta(days=365)
BACKDATED = timedelta(minutes=5)


class NotSignedByDoctor(Exception):
    """The certificate is not the test authority's or out of its term, or the signature is not of its key."""


class Doctors:
    """The test authority for doctors. Its key is made in `folder` at the first start."""

    def __init__(self, folder: Path) -> None:
        raw = keep(folder / "hpki-emu.key", Ed25519PrivateKey.generate().private_bytes_raw)
        self._key = Ed25519PrivateKey.from_private_bytes(raw)

    def certify(self, registration: str, public_key: bytes, now: datetime) -> bytes:
        """Give a test doctor (registration number with a leading 9) a certificate, DER. Raises ValueError: no key."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"HPKI-EMU Test Doctor {registration}")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ISSUER)
            .public_key(Ed25519PublicKey.from_public_bytes(public_key))
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(now + TERM)
        )
        return builder.sign(self._key, None).public_bytes(Encoding.DER)

    def check(self, document: bytes, signature: bytes, certificate: bytes, now: datetime) -> None:
        """Let pass what a doctor of this authority signed. Raises NotSignedByDoctor."""
        try:
            doctor = x509.load_der_x509_certificate(certificate)
            self._key.public_key().verify(doctor.signature, doctor.tbs_certificate_bytes)
            key = doctor.public_key()
            in_term = doctor.not_valid_before_utc <= now <= doctor.not_valid_after_utc
            if doctor.issuer != ISSUER or not in_term or not isinstance(key, Ed25519PublicKey):
                raise NotSignedByDoctor
            key.verify(signature, PRESCRIPTION_DOMAIN + document)
        except (ValueError, InvalidSignature) as exc:
            raise NotSignedByDoctor from exc
