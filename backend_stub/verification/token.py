"""Checking a Web eID authentication token: format, certificate, signature, and whether the certificate still stands."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from backend_client.wire import AuthToken, text_to_sign
from backend_stub.body import Refusal
from backend_stub.verification.certificate import Checked, check_certificate, parse
from backend_stub.verification.schemes import check_token_signature

FORMAT = re.compile(r"web-eid:1(\.[0-9]{1,3})?")
"""Minor versions only add fields. Source: Web eID system architecture document, token format."""
LONGEST = 16_384
"""Characters of Base64; a certificate is near 2,000."""

Status = Callable[[Checked], Awaitable[None]]
"""Asks whether a certificate still stands; raises Refusal when not, or when nobody answers."""


async def verify_token(
    token: AuthToken,
    nonce: str,
    origins: tuple[str, ...],
    cas: Sequence[x509.Certificate],
    now: datetime,
    status: Status,
) -> x509.Certificate:
    """Check that the holder of a good certificate has just signed `nonce` for one of `origins`.

    The authority is asked last, so that nobody can make us ask about certificates they do not hold.
    Raises Refusal: as `check_token`, certificate_revoked, peer_unavailable.
    """
    checked = check_token(token, nonce, origins, lambda text: check_certificate(parse(from_base64(text)), cas, now))
    await status(checked)
    return checked.certificate


def check_token(token: AuthToken, nonce: str, origins: tuple[str, ...], check: Callable[[str], Checked]) -> Checked:
    """Check all of a token but whether the certificate was revoked; `check` is for the certificate, Base64.

    The token's algorithm is a claim: it must be the one that belongs to the certificate's key, and chooses nothing.
    The certificate comes first, so that a person with an expired card hears of that. The nonce is the caller's to use
    up before. Raises Refusal: bad_request (not a token), token_invalid, what `check` raises.
    """
    if not FORMAT.fullmatch(token.format):
        raise Refusal("bad_request")
    checked = check(token.unverified_certificate)
    if token.algorithm != checked.scheme.name:
        raise Refusal("token_invalid")
    signature = from_base64(token.signature)
    if not any(_fits(checked, signature, origin, nonce) for origin in origins):
        raise Refusal("token_invalid")
    return checked


def from_base64(text: str) -> bytes:
    """Decode standard Base64 in its one canonical form. Raises Refusal: bad_request."""
    try:
        content = b64decode(text, validate=True) if len(text) <= LONGEST else b""
    except ValueError as exc:
        raise Refusal("bad_request") from exc
    if not content or b64encode(content).decode() != text:
        raise Refusal("bad_request")
    return content


def _fits(checked: Checked, signature: bytes, origin: str, nonce: str) -> bool:
    try:
        check_token_signature(checked.key, signature, text_to_sign(origin, nonce, checked.scheme.name))
    except InvalidSignature:
        return False
    return True
