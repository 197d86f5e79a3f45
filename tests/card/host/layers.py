"""A layer below, by script: which commands must come, byte by byte, and what to answer; in virtual time."""

from __future__ import annotations

import asyncio

Line = tuple[str, str]
"""A command and its answer, both in hexadecimal."""


class Below:
    """Implements `Layer`. `deadlines` are what each command was given; each answer takes `answer_s`."""

    def __init__(self, *lines: Line, answer_s: float = 0.0) -> None:
        self._lines = list(lines)
        self._answer_s = answer_s
        self.deadlines: list[float] = []
        self.heard: list[bytes | bytearray] = []

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        assert self._lines, f"one command too many: {command.hex()}"
        expected, answer = self._lines.pop(0)
        assert command.hex().upper() == expected.upper()
        self.heard.append(command)
        self.deadlines.append(deadline_s)
        await asyncio.sleep(self._answer_s)
        return bytes.fromhex(answer)

    def assert_all_sent(self) -> None:
        assert not self._lines, f"never sent: {self._lines}"
