"""What a status word means to an application: one place for each reading of it. Source: card reference, section 4."""

from __future__ import annotations

from typing import Final

from drivers.apdu import OK, Response, tries_left
from drivers.errors import BadAnswer, CardRefused, Pin, PinBlocked, PinWrong

_BLOCKED: Final = {0x6983, 0x6984}
_UNLIMITED: Final = 0x6300
_SIGNATURE: Final = 256


def expect_ok(operation: str, response: Response) -> bytes:
    """The answer's data. Raises CardRefused."""
    if response.sw != OK:
        raise CardRefused(operation, response.sw)
    return response.data


def expect_signature(operation: str, response: Response) -> bytes:
    """256 bytes of RSA-2048. Raises CardRefused, BadAnswer."""
    signature = expect_ok(operation, response)
    if len(signature) != _SIGNATURE:
        raise BadAnswer(f"signature of {len(signature)} bytes")
    return signature


def expect_verified(pin: Pin, response: Response) -> None:
    """Raises PinWrong and PinBlocked, only when the card said so; CardRefused, BadAnswer."""
    if response.sw == OK:
        return
    tries = expect_tries("verify", response)
    raise PinWrong(pin, tries) if tries else PinBlocked(pin)


def expect_tries(operation: str, response: Response) -> int:
    """The tries left, 0 when blocked. Raises CardRefused, BadAnswer."""
    if response.sw in _BLOCKED:
        return 0
    if response.sw == _UNLIMITED:
        raise BadAnswer("a secret of this card is never without a limit")
    tries = tries_left(response.sw)
    if tries is None:
        raise CardRefused(operation, response.sw)
    return tries
