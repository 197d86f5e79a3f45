"""Access tokens: what the gateway lets a requester hand to a provider, for one minute, once.

Standard Base64 of the MessagePack of `_Envelope`: the statement's own bytes, its path to the root of the tokens that
were signed together, and one Ed25519 signature (the gateway's machine key) over `DOMAIN ‖ root`. The statement says who
may ask whom for what, and holds the provider's own symbols of the persons, AES-GCM under a key of the provider's epoch;
that key travels along, sealed to the provider (HPKE). The requester thus carries symbols it cannot read.
Leaves and nodes are hashed as in RFC 9162 (SHA-256, 0x00 and 0x01 in front).
Source: gateway reference, section 5.1 (the claims: iss, aud, sub for the provider alone, jti, exp, cnf).
"""

from __future__ import annotations

from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from backend_client.wire.gateway import NUMBER_BYTES, shown

VERSION = 1
LIFETIME = timedelta(minutes=1)
SKEW = timedelta(seconds=30)
"""By so much may the provider's clock be behind the gateway's."""
DOMAIN = b"madoguchi access token 1\0"
"""In front of what is signed, so that no signature made for anything else can be a token's."""
SYMBOL_BYTES = 33
EPOCH_KEY_BYTES = 16
NONCE_BYTES = 12
MOST_PERSONS = 1000
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class TokenInvalid(Exception):
    """Forged, altered, for another provider, from another requester, or by a clock far off ours."""


class TokenLate(Exception):
    """The token's minute is over."""


class Statement(msgspec.Struct, frozen=True, array_like=True):
    """What the gateway states. Persons are in one order: the n-th number belongs to the n-th symbol."""

    version: int
    law: str
    kind: str
    fields: tuple[str, ...]
    requester: str
    provider: str
    expires_ms: int
    """Milliseconds since 1970."""
    numbers: bytes
    """16 bytes each."""
    epoch: bytes
    """The epoch's key, sealed to the provider."""
    nonce: bytes
    """12 bytes, never twice in an epoch."""
    symbols: bytes
    """33 bytes each, AES-GCM under the epoch's key, bound to `numbers`."""


class _Envelope(msgspec.Struct, frozen=True, array_like=True):
    statement: bytes
    lefts: int
    """Bit n: the n-th hash of the path stands on the left."""
    path: tuple[bytes, ...]
    signature: bytes


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """A token that is in order, opened. Whether it was used before is for the provider to know, by `numbers`."""

    numbers: tuple[str, ...]
    """Transaction numbers as shown on the wire, one for each person."""
    symbols: tuple[str, ...]
    """The provider's own, hex, in the same order."""
    law: str
    kind: str
    fields: tuple[str, ...]
    """What the law tuple names; nothing else may be answered."""
    requester: str
    expires: datetime


def seal_epoch(key: bytes, provider: str, sealing: X25519PublicKey) -> bytes:
    """Seal an epoch's key to its provider."""
    return _SUITE.encrypt(key, sealing, _epoch_context(provider))


def sign_together(statements: Sequence[bytes], sign: Callable[[bytes], bytes]) -> list[str]:
    """Make tokens of statements (MessagePack) with one signature over all of them; `sign` is Ed25519."""
    root, ways = _tree([sha256(b"\0" + statement).digest() for statement in statements])
    signature = sign(DOMAIN + root)
    return [
        b2a_base64(msgspec.msgpack.encode(_Envelope(statement, lefts, path, signature)), newline=False).decode()
        for statement, (lefts, path) in zip(statements, ways, strict=True)
    ]


def verify_access_token(
    token: str,
    gateway_key: Ed25519PublicKey,
    sealing: X25519PrivateKey,
    provider: str,
    requester: str,
    now: datetime,
) -> AccessClaims:
    """Open a token as `provider`, who was handed it by `requester`. Raises TokenInvalid, TokenLate."""
    statement = _read(token, gateway_key)
    if (statement.provider, statement.requester) != (provider, requester):
        raise TokenInvalid("between others")
    expires = datetime.fromtimestamp(statement.expires_ms / 1000, UTC)
    if now >= expires:
        raise TokenLate
    if expires - now > LIFETIME + SKEW:
        raise TokenInvalid("from a clock ahead of ours")
    return AccessClaims(
        numbers=tuple(shown(number) for number in _cut(statement.numbers, NUMBER_BYTES)),
        symbols=tuple(symbol.hex() for symbol in _cut(_symbols(statement, sealing), SYMBOL_BYTES)),
        law=statement.law,
        kind=statement.kind,
        fields=statement.fields,
        requester=requester,
        expires=expires,
    )


def _read(token: str, gateway_key: Ed25519PublicKey) -> Statement:
    try:
        envelope = msgspec.msgpack.decode(b64decode(token, validate=True), type=_Envelope)
        gateway_key.verify(envelope.signature, DOMAIN + _root(envelope))
        statement = msgspec.msgpack.decode(envelope.statement, type=Statement)
    except (ValueError, InvalidSignature) as exc:  # msgspec's and Base64's errors are ValueErrors
        raise TokenInvalid("not the gateway's") from exc
    if envelope.lefts >> len(envelope.path):
        raise TokenInvalid("a second way to write a token")
    if statement.version != VERSION:
        raise TokenInvalid("another version")
    return statement


def _symbols(statement: Statement, sealing: X25519PrivateKey) -> bytes:
    try:
        key = AESGCM(_SUITE.decrypt(statement.epoch, sealing, _epoch_context(statement.provider)))
        return key.decrypt(statement.nonce, statement.symbols, statement.numbers)
    except (InvalidTag, ValueError) as exc:
        raise TokenInvalid("sealed to another key") from exc


def _epoch_context(provider: str) -> bytes:
    return b"madoguchi epoch " + provider.encode()


def _cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


Way = tuple[int, tuple[bytes, ...]]
"""From a node to the root: sides and hashes, as in `_Envelope`."""


def _tree(leaves: list[bytes]) -> tuple[bytes, list[Way]]:
    """The root of a tree and each leaf's way to it. An odd node goes up as it is."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [sha256(b"\1" + left + right).digest() for left, right in zip(below[::2], below[1::2], strict=False)]
        levels.append(above + below[len(above) * 2 :])
    (root,) = levels.pop()
    ways: list[Way] = [(0, ())]
    for level in reversed(levels):
        ways = [_way(level, place, ways[place >> 1]) for place in range(len(level))]
    return root, ways


def _way(level: list[bytes], place: int, above: Way) -> Way:
    sibling = place ^ 1
    if sibling == len(level):
        return above
    sides, hashes = above
    return sides << 1 | place & 1, (level[sibling], *hashes)


def _root(envelope: _Envelope) -> bytes:
    digest = sha256(b"\0" + envelope.statement).digest()
    for step, sibling in enumerate(envelope.path):
        pair = sibling + digest if envelope.lefts >> step & 1 else digest + sibling
        digest = sha256(b"\1" + pair).digest()
    return digest
