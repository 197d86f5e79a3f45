"""Checking a shown card at a counter, without a line: the one thing a counter has is the public key."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import datetime

import msgspec

from backend_client import wire

SIGNATURE_BYTES = 64
LONGEST_S = 180
"""A code that claims to live longer was not made by this house, or a clock is wrong."""


class NotAccepted(Exception):
    """The counter does not take it."""


class NotGenuine(NotAccepted):
    """Nobody signed this."""


class OutOfTime(NotAccepted):
    """It was shown too long ago, or the card's own term is over."""


class OtherCounter(NotAccepted):
    """It was made to be shown somewhere else."""


def check_showing(code: str, key: bytes, counter: str, now: datetime) -> wire.Showing:
    """What a code says about a card. `key` is the public key of the body of cards, 32 bytes; `now` is aware.

    Raises NotGenuine, OutOfTime, OtherCounter.
    """
    showing = _read(code, key)
    left_s = showing.until - now.timestamp()
    if not 0 <= left_s <= LONGEST_S or now.date() > showing.valid_until:
        raise OutOfTime
    if showing.counter != counter:
        raise OtherCounter
    return showing


def _read(code: str, key: bytes) -> wire.Showing:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        signature, text = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        Ed25519PublicKey.from_public_bytes(key).verify(signature, wire.SHOWING_DOMAIN + text)
        return msgspec.msgpack.decode(text, type=wire.Showing)
    except (InvalidSignature, ValueError) as exc:  # msgspec's and Base64's errors are ValueErrors
        raise NotGenuine from exc
