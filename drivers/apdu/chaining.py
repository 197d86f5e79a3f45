"""Data too long for a short command, sent in pieces. Source: ISO/IEC 7816-4, 5.3.3."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from drivers.apdu.format import SHORT_DATA, Command, Response
from drivers.apdu.layer import Countdown, Layer
from drivers.apdu.status import OK

TAKES_EXTENDED: Final = frozenset({(0x80, 0xA2), (0x80, 0xAE), (0x00, 0x82)})
"""CLA and INS of what this card takes whole. Source: card reference, section 4, for 80 A2; that the 256 bytes of SET
SESSION KEY (80 AE) go the same way is inferred, and the terminal's proof (00 82) is this project's own simulation."""

_MORE_FOLLOWS: Final = 0x10


class CommandChaining:
    """Sends each piece but the last under CLA 1x, and answers what the card says to the last, or to one it refused."""

    def __init__(self, below: Layer, whole: Collection[tuple[int, int]] = TAKES_EXTENDED) -> None:
        """`whole` are CLA and INS of commands that the card takes in the extended form."""
        self._below = below
        self._whole = whole

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        pieces = self._pieces(command)
        countdown = Countdown(deadline_s)
        for piece in pieces[:-1]:
            answer = await self._below.transmit(piece, countdown.left_s())
            if Response.parse(answer).sw != OK:
                return answer
        return await self._below.transmit(pieces[-1], countdown.left_s())

    def _pieces(self, command: bytes | bytearray) -> list[bytes | bytearray]:
        if len(command) <= SHORT_DATA or (command[0], command[1]) in self._whole:
            return [command]
        whole = Command.parse(command)
        if len(whole.data) <= SHORT_DATA:
            return [command]
        *first, last = (whole.data[start : start + SHORT_DATA] for start in range(0, len(whole.data), SHORT_DATA))
        part = Command(whole.cla | _MORE_FOLLOWS, whole.ins, whole.p1, whole.p2)
        end = replace(whole, data=last, is_extended=False)
        return [*(replace(part, data=data).encode() for data in first), end.encode()]
