"""Signed requests checked, in the one profile of `backend_client.machine`, which has the half that signs.

A general library reads and rebuilds structured fields, which takes three times as long as the signature itself. This
profile has one shape: whatever differs from it is refused. Tests hold it to the library's answers in both directions.
Source: RFC 9421, sections 2 and 3; RFC 9530; gateway reference, section 3.3.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend_client.machine import Target, base_of, digest_of, sign

__all__ = ["MAX_AGE_S", "SKEW_S", "Claim", "Target", "Unsigned", "claim", "sign"]

MAX_AGE_S = 60
SKEW_S = 5
"""By so much may the caller's clock be off."""
_INPUT = re.compile(
    rb'([a-z][a-z0-9_.*-]{0,31})=(\("@method" "@authority" "@path" "content-digest"\)'
    rb';created=([1-9][0-9]{0,11});keyid="([0-9A-Za-z._-]{1,64})";alg="ed25519";nonce="([0-9A-Za-z_-]{16,64})")'
)
_SIGNATURE = re.compile(rb"([a-z][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/]{86}==):")
_NEEDED = frozenset((b"host", b"content-digest", b"signature-input", b"signature"))


class Unsigned(Exception):
    """The request does not carry one fresh, valid signature of a registered machine."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says to have signed, when, and once: nothing of it counts before `proven`."""

    machine_id: str
    nonce: str
    created: int
    """Seconds since 1970."""
    _base: bytes
    _signature: bytes

    def check_time(self, now: float) -> None:
        """Raises Unsigned for a signature that is too old, or from a clock ahead of ours."""
        if not now - MAX_AGE_S - SKEW_S <= self.created <= now + SKEW_S:
            raise Unsigned("late or early")

    def proven(self, key: Ed25519PublicKey) -> None:
        """Raises Unsigned unless `key` has signed."""
        try:
            key.verify(self._signature, self._base)
        except InvalidSignature as exc:
            raise Unsigned("not its signature") from exc


def claim(target: Target, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> Claim:
    """Read what a request says of its signature, and check the content against its digest. Raises Unsigned."""
    fields = _fields(headers)
    stated = _INPUT.fullmatch(fields[b"signature-input"])
    given = _SIGNATURE.fullmatch(fields[b"signature"])
    if stated is None or given is None or stated[1] != given[1]:
        raise Unsigned("not of our profile")
    signature = a2b_base64(given[2])
    if b2a_base64(signature, newline=False) != given[2]:
        raise Unsigned("a second way to write a signature")
    digest = fields[b"content-digest"]
    if digest != digest_of(content):
        raise Unsigned("not the content that was signed")
    base = base_of(target, fields[b"host"], digest, stated[2])
    return Claim(stated[4].decode(), stated[5].decode(), int(stated[3]), base, signature)


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The fields that matter, each of them exactly once. Names are in lower case."""
    fields = {}
    for name, value in headers:
        if name in _NEEDED:
            if name in fields:
                raise Unsigned("a field twice")
            fields[name] = value
    if len(fields) != len(_NEEDED):
        raise Unsigned("a field is missing")
    return fields
