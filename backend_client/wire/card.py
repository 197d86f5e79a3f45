"""Authentication by card: the same for the portal and for medical."""

from __future__ import annotations

from hashlib import sha256

from backend_client.wire.basic import Message


class Challenge(Message, frozen=True):
    """Answer of POST /portal/challenges and /medical/challenges. Used once, within `lifetime_s`."""

    nonce: str
    """Base64 of 32 random bytes. The card signs hash(origin) + hash(this text); see AuthToken."""
    lifetime_s: int


class AuthToken(
    Message, frozen=True, rename={"unverified_certificate": "unverifiedCertificate", "app_version": "appVersion"}
):
    """A Web eID authentication token, format `web-eid:1`.

    `signature` is RS256 over SHA-256(origin) + SHA-256(nonce), both as UTF-8 text; the origin is scheme://host:port of
    the backend as the kiosk reached it. Source: Web eID system architecture document, token format 1.0.
    """

    unverified_certificate: str
    """Base64 of the user authentication certificate, DER."""
    algorithm: str
    signature: str
    format: str
    app_version: str


def text_to_sign(origin: str, nonce: str) -> bytes:
    """What the card signs (RS256) for an AuthToken: 64 bytes."""
    return sha256(origin.encode()).digest() + sha256(nonce.encode()).digest()
