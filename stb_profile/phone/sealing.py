"""What box and phone agree on, and the frames they seal with it. No sockets, no clock.

X25519 for the meeting, HKDF-SHA256 over it with the one-time key of the QR as salt, AES-256-GCM for the frames with one
key a direction and a counter that must go up by one. Source: ux reference, section 6; RFC 7748, RFC 5869, SP 800-38D.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # 7 MB that a visit without a phone does not need are imported where they are used
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

LABEL = b"madoguchi phone 1"
TAG, COUNTER, NONCE = 16, 8, 12
KEY = 32
CHECK_DIGITS = 6


class NotGenuine(Exception):
    """A frame or a proof that the other side cannot have made: wrong key, played again, out of order or cut."""


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """What a meeting left on both sides."""

    to_box: bytes
    to_phone: bytes
    returning: bytes
    """Key of a return after sleep."""
    check: str
    """Six digits, the same on both screens unless somebody stands in between."""


def prove(key: bytes, word: bytes, *parts: bytes) -> bytes:
    """HMAC over fixed-length parts: whoever made it has the key."""
    return hmac.digest(key, b"|".join((LABEL, word)) + b"".join(parts), "sha256")


def check_proof(proof: bytes, key: bytes, word: bytes, *parts: bytes) -> None:
    """Raises NotGenuine."""
    if not hmac.compare_digest(proof, prove(key, word, *parts)):
        raise NotGenuine(word.decode())


def public_bytes(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes_raw()


def agree(
    private: X25519PrivateKey, phone_public: bytes, once: bytes, certificate: bytes, commitment: bytes
) -> Agreement:
    """`once` is the QR's key, `certificate` the SHA-256 beside it. Raises NotGenuine for a public key that is none."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(phone_public))
    except ValueError as exc:  # of the wrong length, or a point of small order
        raise NotGenuine("public key") from exc
    transcript = sha256(certificate + commitment + public_bytes(private) + phone_public).digest()
    made = derive(shared, once, b"keys", transcript, 3 * KEY + 8)
    number = int.from_bytes(made[3 * KEY :]) % 10**CHECK_DIGITS
    return Agreement(made[:KEY], made[KEY : 2 * KEY], made[2 * KEY : 3 * KEY], f"{number:0{CHECK_DIGITS}}")


def derive(secret: bytes, salt: bytes, word: bytes, context: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"|".join((LABEL, word)) + context
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


class Channel:
    """One connection of a paired phone, seen from the box. Used with fresh keys each time."""

    def __init__(self, to_box: bytes, to_phone: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._in, self._out = AESGCM(to_box), AESGCM(to_phone)
        self._received = self._sent = 0

    def seal(self, plain: bytes) -> bytes:
        """A frame: counter (8 bytes), cipher text, tag."""
        counter = self._sent.to_bytes(COUNTER)
        self._sent += 1
        return counter + self._out.encrypt(_nonce(counter), plain, counter)

    def open(self, frame: bytes) -> bytearray:
        """What the phone sealed, in a buffer that the caller wipes. Raises NotGenuine."""
        from cryptography.exceptions import InvalidTag

        counter, sealed = frame[:COUNTER], frame[COUNTER:]
        if len(sealed) < TAG or counter != self._received.to_bytes(COUNTER):
            raise NotGenuine("order")
        plain = bytearray(len(sealed) - TAG)
        try:
            self._in.decrypt_into(_nonce(counter), sealed, counter, plain)
        except InvalidTag as exc:
            raise NotGenuine("tag") from exc
        self._received += 1
        return plain


def _nonce(counter: bytes) -> bytes:
    return bytes(NONCE - COUNTER) + counter


def wipe(buffer: bytearray) -> None:
    buffer[:] = bytes(len(buffer))
