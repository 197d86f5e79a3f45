"""Answers that come in pieces, or only to the right Le. Source: ISO/IEC 7816-4, 5.3.4 and 5.6."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drivers.apdu.format import LONGEST_LE, Command, Response
from drivers.apdu.layer import Countdown, Layer
from drivers.apdu.status import more_waiting, right_le
from drivers.errors import BadAnswer

_GET_RESPONSE: Final = 0xC0


class ResponseChaining:
    """Fetches what 61xx announces, and asks once more with the Le that 6Cxx names.

    No card is reported to answer either, but readers below it may (T=0). A second 6Cxx goes up as it is.
    Source: card reference, section 4.
    """

    def __init__(self, below: Layer) -> None:
        self._below = below

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        countdown = Countdown(deadline_s)
        response = await self._ask(command, countdown)
        if (le := right_le(response.sw)) is not None:
            response = await self._ask(_with_le(command, le), countdown)
        return (await self._fetched(response, countdown)).encode()

    async def _fetched(self, response: Response, countdown: Countdown) -> Response:
        data = response.data
        while (more := more_waiting(response.sw)) is not None:
            response = await self._ask(Command(0x00, _GET_RESPONSE, 0x00, 0x00, le=more).encode(), countdown)
            if not response.data and more_waiting(response.sw):
                raise BadAnswer("more is announced and nothing comes")
            data += response.data
            if len(data) > LONGEST_LE:
                raise BadAnswer("an answer without end")
        return Response(data, response.sw)

    async def _ask(self, apdu: bytes | bytearray, countdown: Countdown) -> Response:
        return Response.parse(await self._below.transmit(apdu, countdown.left_s()))


def _with_le(apdu: bytes | bytearray, le: int) -> bytes:
    return replace(Command.parse(apdu), le=le).encode()
