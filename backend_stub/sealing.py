"""Sealing: what is meant for one body travels through others unread (HPKE, RFC 9180)."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class NotForUs(Exception):
    """This was sealed to somebody else, in another context, or was changed on the way."""


def seal(content: bytes, to: X25519PublicKey, context: bytes) -> bytes:
    """Seal to one key. `context` says what it belongs to (a transaction number); opening needs the same."""
    return SUITE.encrypt(content, to, context)


def unseal(sealed: bytes, key: X25519PrivateKey, context: bytes) -> bytes:
    """Open what was sealed. Raises NotForUs."""
    try:
        return SUITE.decrypt(sealed, key, context)
    except (InvalidTag, ValueError) as exc:
        raise NotForUs from exc
