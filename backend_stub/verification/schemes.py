"""How each generation of cards and of the authority's CAs signs: one algorithm for certificates, answers and tokens.

Source: card reference, sections 6.1 and 9; RFC 7518, section 3 for tokens, RFC 5480 for keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import SignatureAlgorithmOID

PublicKey = RSAPublicKey | EllipticCurvePublicKey

LEAST_RSA_BITS: Final = 2048
_P384_NUMBER: Final = 48
_PKCS1: Final = PKCS1v15()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of key, and the only way in which such a key may sign."""

    name: str
    """In tokens."""
    oid: ObjectIdentifier
    """In certificates."""
    digest: SHA256 | SHA384


RS256: Final = Scheme("RS256", SignatureAlgorithmOID.RSA_WITH_SHA256, SHA256())
ES384: Final = Scheme("ES384", SignatureAlgorithmOID.ECDSA_WITH_SHA384, SHA384())


def scheme_of(key: object) -> Scheme | None:
    """None for a kind, size or curve of key that no generation has."""
    if isinstance(key, RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return RS256
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return ES384
    return None


def check_signature(key: PublicKey, signature: bytes, content: bytes) -> None:
    """As certificates and OCSP answers are signed: ECDSA in DER. Raises InvalidSignature."""
    if isinstance(key, RSAPublicKey):
        key.verify(signature, content, _PKCS1, RS256.digest)
    else:
        key.verify(signature, content, ECDSA(ES384.digest))


def check_token_signature(key: PublicKey, signature: bytes, content: bytes) -> None:
    """As tokens are signed: ECDSA as r and s, 48 bytes each. Raises InvalidSignature.

    Zero, and numbers not below the order of the curve, are no signature. Both of the two values of s that fit an r are:
    a card need not choose the smaller, and a nonce is used once whichever it was.
    """
    if isinstance(key, EllipticCurvePublicKey):
        if len(signature) != 2 * _P384_NUMBER:
            raise InvalidSignature
        r, s = int.from_bytes(signature[:_P384_NUMBER]), int.from_bytes(signature[_P384_NUMBER:])
        signature = encode_dss_signature(r, s)
    check_signature(key, signature, content)
