"""Secrets on their way to the card: the command that carries one, and the form a new one must have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from drivers.errors import Pin
from drivers.secret import Secret


@contextmanager
def secret_command(head: tuple[int, int, int], p2: int, secret: Secret) -> Iterator[bytearray]:
    """CLA, INS, P1 and P2 with the secret behind them, in a buffer that is wiped on every way out of the block."""
    if not len(secret):
        raise ValueError("VERIFY without data is a question for the counter, not a try")
    apdu = bytearray((*head, p2, len(secret))) + bytearray(len(secret))
    secret.copy_into(apdu, 5)
    try:
        yield apdu
    finally:
        apdu[5:] = bytes(len(apdu) - 5)


def well_formed(pin: Pin, secret: Secret) -> bool:
    """By the rules of issuing. Source: card reference, section 5."""
    typed = bytearray(len(secret))
    secret.copy_into(typed, 0)
    try:
        digits, letters = (sum(low <= byte <= high for byte in typed) for low, high in ((0x30, 0x39), (0x41, 0x5A)))
        if pin is not Pin.DIGITAL_SIGNATURE:
            return digits == len(typed) == 4
        return 6 <= len(typed) <= 16 and digits > 0 and letters > 0 and digits + letters == len(typed)
    finally:
        typed[:] = bytes(len(typed))
