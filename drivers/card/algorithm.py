"""By what a card's JPKI keys sign: the one place that knows, and it asks the certificate.

RS256 is every card in use. ES384 is announced for the next generation; how a card will be asked for it is not
published, so the command's form is a SIMULATION: docs/decisions/0009-generations-as-data.md.
Source: card reference, sections 4 and 9.
"""

from __future__ import annotations

import hashlib
from enum import Enum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from drivers.errors import BadAnswer

_RSA_BITS = 2048
_DIGEST_INFO_SHA256 = bytes.fromhex("3031300D060960864801650304020105000420")


class Algorithm(Enum):
    """The value is the name in tokens (RFC 7518, section 3)."""

    RS256 = "RS256"
    ES384 = "ES384"

    @property
    def signature_size(self) -> int:
        """Bytes: of RSA-2048, or of r and s one after the other."""
        return 256 if self is Algorithm.RS256 else 96

    def to_sign(self, message: bytes) -> bytes:
        """What the card is given of a message: a DigestInfo with SHA-256, or the bare SHA-384 digest."""
        if self is Algorithm.RS256:
            return _DIGEST_INFO_SHA256 + hashlib.sha256(message).digest()
        return hashlib.sha384(message).digest()


def algorithm_of(certificate: bytes) -> Algorithm:
    """By which the key of a certificate (DER) signs. Raises BadAnswer where it is no key of a known card."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as exc:
        raise BadAnswer("no certificate") from exc
    if isinstance(key, RSAPublicKey) and key.key_size == _RSA_BITS:
        return Algorithm.RS256
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return Algorithm.ES384
    raise BadAnswer("a certificate whose key no card has")
