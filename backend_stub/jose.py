"""Signed JSON (JWS) with the few algorithms that are taken here, and keys as JWKs."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from backend_stub.keyfile import keep

ALGORITHMS = ["Ed25519", "ES256"]
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
PublicKey = OKPKey | ECKey


class NotSigned(Exception):
    """Not a JWT of this key, or not a JWT."""


def own_key(folder: Path) -> OKPKey:
    """The key with which a body signs JWTs; made at the first time."""
    new = Ed25519PrivateKey.generate
    return private_jwk(
        Ed25519PrivateKey.from_private_bytes(keep(folder / "jwt.key", lambda: new().private_bytes_raw()))
    )


def private_jwk(key: Ed25519PrivateKey) -> OKPKey:
    x, d = encode(key.public_key().public_bytes_raw()), encode(key.private_bytes_raw())
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x, "d": d})


def public_jwk(key: Ed25519PublicKey) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": encode(key.public_bytes_raw())})


def shown_key(jwk: object) -> PublicKey:
    """The key somebody shows in a header: public, and of a kind that is taken here. Raises NotSigned."""
    kinds: dict[object, type[PublicKey]] = {"OKP": OKPKey, "EC": ECKey}
    if not isinstance(jwk, dict) or PRIVATE & jwk.keys() or jwk.get("kty") not in kinds:
        raise NotSigned
    try:
        return kinds[jwk["kty"]].import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise NotSigned from exc


def sign(header: dict[str, Any], claims: dict[str, Any], key: OKPKey) -> str:
    return jwt.encode({"alg": "Ed25519", **header}, claims, key, algorithms=ALGORITHMS)


def verify(token: str, key: PublicKey, kind: str) -> dict[str, Any]:
    """The claims of a JWT whose header says `typ: kind` (empty: says what it likes). Raises NotSigned."""
    try:
        decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError) as exc:
        raise NotSigned from exc
    if kind and decoded.header.get("typ") != kind:
        raise NotSigned
    return dict(decoded.claims)


def unproven(token: str, part: int) -> dict[str, Any]:
    """Header (0) or claims (1) before the signature is checked: good for finding the key alone. Raises NotSigned."""
    try:
        text = token.split(".")[part]
        return msgspec.json.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=dict[str, Any])
    except (IndexError, ValueError, RecursionError) as exc:  # binascii's and msgspec's errors are ValueErrors
        raise NotSigned from exc


def thumbprint(key: PublicKey) -> str:
    """Source: RFC 7638."""
    return str(key.thumbprint())


def digest(text: str) -> str:
    """Base64url of SHA-256: `ath` of DPoP, S256 of PKCE, and how secrets are kept here."""
    return encode(sha256(text.encode()).digest())


def encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
