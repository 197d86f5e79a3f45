"""A PIN typed on the reader's own keys: it goes from them to the card, and this machine never has it."""

from __future__ import annotations

import logging
from typing import Final

from drivers.apdu import Response, sw_name
from drivers.card.answers import expect_ok, expect_verified
from drivers.card.application import SHORT_EF, VERIFY, CardApplication
from drivers.errors import EntryEnd, Pin, PinNotEntered, ReaderFault
from drivers.readers import PinPad

_log = logging.getLogger(__name__)

DIGITS: Final = 4

_NOT_ENTERED: Final = {
    0x6400: EntryEnd.TIME_OVER,
    0x6401: EntryEnd.CANCELLED,
    0x6402: EntryEnd.DIFFERENT,
    0x6403: EntryEnd.WRONG_LENGTH,
}
"""What a reader says in place of the card. Source: PC/SC part 10, section 2.6."""


class TypedOnReader(CardApplication):
    """An application that can have its PINs of four digits typed on the reader.

    A reader has digits only: the signature password (letters too) is a ValueError here.
    """

    @property
    def reader_has_keys(self) -> bool:
        return self.connection.pin_pad is not None

    async def verify_on_reader(self, pin: Pin, deadline_s: float) -> None:
        """Like `verify`, with a PIN typed on the reader within `deadline_s`: one VERIFY at most, never repeated.

        Raises PinNotEntered when none was typed, which costs no try; ReaderFault without keys; else as `verify`.
        Giving up returns at once, but the reader goes on asking for a while: see `PinPad.verify`.
        """
        async with self._turn:
            await self._verify_on_reader(self._pad(pin), pin, deadline_s)

    async def change_on_reader(self, pin: Pin, deadline_s: float) -> None:
        """Like `change`, typed on the reader: the old PIN, then the new one twice, each within `deadline_s`.

        Raises PinNotEntered (DIFFERENT: the new ones), after which the old PIN still counts and is verified.
        """
        pad = self._pad(pin)
        async with self._turn:
            await self._verify_on_reader(pad, pin, deadline_s)
            expect_ok("change", _entered(pin, await pad.modify(_template(self.CHANGE, SHORT_EF), deadline_s)))

    async def _verify_on_reader(self, pad: PinPad, pin: Pin, deadline_s: float) -> None:
        expect_verified(pin, _entered(pin, await pad.verify(_template(VERIFY, self.PIN_FILE[pin]), deadline_s)))

    def _pad(self, pin: Pin) -> PinPad:
        if pin is Pin.DIGITAL_SIGNATURE:
            raise ValueError("a reader has no keys for letters")
        pad = self.connection.pin_pad
        if pad is None:
            raise ReaderFault("this reader has no keys")
        return pad


def _template(head: tuple[int, int, int], p2: int) -> bytes:
    """Filled with FF: a reader that forgot to put digits there must not send a PIN that somebody might have."""
    return bytes((*head, p2, DIGITS)) + b"\xff" * DIGITS


def _entered(pin: Pin, answer: bytes) -> Response:
    """Raises PinNotEntered."""
    response = Response.parse(answer)
    _log.debug("%s on the reader -> %s", pin.value, sw_name(response.sw))
    if response.sw in _NOT_ENTERED:
        raise PinNotEntered(_NOT_ENTERED[response.sw])
    return response
