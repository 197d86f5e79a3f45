"""What goes over the wire, for people who look for a fault; without the secrets."""

from __future__ import annotations

import logging

from drivers.apdu.format import HEADER, Response
from drivers.apdu.layer import Layer
from drivers.apdu.once import carries_secret
from drivers.apdu.status import sw_name


def masked(apdu: bytes | bytearray) -> str:
    """The command in hexadecimal for a trace, without the data of commands that carry a PIN or password."""
    shown = min(len(apdu), HEADER + 1) if carries_secret(apdu) else len(apdu)
    hidden = len(apdu) - shown
    return bytes(apdu[:shown]).hex().upper() + (f" [{hidden} bytes hidden]" if hidden else "")


class Traced:
    """Writes each command and how it was answered to a log at DEBUG. What the answer holds is never written."""

    def __init__(self, below: Layer, log: logging.Logger) -> None:
        self._below = below
        self._log = log

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        answer = await self._below.transmit(command, deadline_s)
        if self._log.isEnabledFor(logging.DEBUG):
            self._log.debug("%s -> %s", masked(command), _outline(answer))
        return answer


def _outline(answer: bytes) -> str:
    if len(answer) < 2:
        return f"{len(answer)} bytes"
    response = Response.parse(answer)
    return f"{len(response.data)} bytes, {sw_name(response.sw)}"
