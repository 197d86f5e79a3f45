"""A connection that knows which commands must come, byte by byte, and what to answer."""

from __future__ import annotations

import asyncio

from drivers.card.jpki import Jpki
from drivers.readers import DEADLINE_S
from drivers.secret import Secret

SELECT = "00A4040C0AD392F000260100000001"

Line = tuple[str, str | BaseException]
"""A command in hexadecimal, and the answer in hexadecimal or what goes wrong instead."""


class Scripted:
    """Implements `CardConnection` by a script of exact commands. `heard` are the buffers it was given, not copies."""

    reader = "Script"

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)
        self.heard: list[bytes | bytearray] = []

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        await asyncio.sleep(0)  # as a real one lets others run
        assert self._lines, f"one command too many: {command.hex()}"
        expected, answer = self._lines.pop(0)
        assert command.hex().upper() == expected.upper()
        self.heard.append(command)
        if isinstance(answer, BaseException):
            raise answer
        return bytes.fromhex(answer)

    async def close(self) -> None:
        assert not self._lines, f"never sent: {self._lines}"


async def selected(*lines: Line) -> tuple[Jpki, Scripted]:
    script = Scripted((SELECT, "9000"), *lines)
    return await Jpki.select(script), script


def secret(text: bytes = b"1234") -> Secret:
    secret = Secret()
    for byte in text:
        secret.add(byte)
    return secret
