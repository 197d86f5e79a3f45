"""Authentication by card: the same for the portal and for medical."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256, sha384
from typing import Annotated

from backend_client.wire.basic import Base64, Message, whole

_DIGESTS = {"RS256": sha256, "ES384": sha384}


class Challenge(Message, frozen=True):
    """Answer of POST /portal/challenges and /medical/challenges. Used once, within `lifetime_s`."""

    nonce: str
    """Base64 of 32 random bytes. The card signs hash(origin) + hash(this text); see AuthToken."""
    lifetime_s: int


class AuthToken(
    Message, frozen=True, rename={"unverified_certificate": "unverifiedCertificate", "app_version": "appVersion"}
):
    """A Web eID authentication token, format `web-eid:1`.

    `signature` is over hash(origin) + hash(nonce), both as UTF-8 text, by the hash of `algorithm`: RS256, or ES384 (r
    and s, 96 bytes) for a P-384 certificate. The origin is scheme://host:port of the backend as the kiosk reached it.
    Source: Web eID system architecture document, token format 1.0.
    """

    unverified_certificate: Base64
    """Base64 of the user authentication certificate, DER."""
    algorithm: str
    signature: Base64
    format: Annotated[str, whole(r"web-eid:1(?:\.[0-9]{1,3})?", 13)]
    """Minor versions only add fields."""
    app_version: str


def text_to_sign(origin: str, nonce: str, algorithm: str = "RS256") -> bytes:
    """What the card signs for an AuthToken, hashed by the algorithm's own hash: 64 bytes for RS256, 96 for ES384."""
    return _of_origin(origin, algorithm) + _DIGESTS[algorithm](nonce.encode()).digest()


@lru_cache(maxsize=16)
def _of_origin(origin: str, algorithm: str) -> bytes:
    return _DIGESTS[algorithm](origin.encode()).digest()
