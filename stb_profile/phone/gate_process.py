"""Starting, hearing and ending the gate from the process of the visit."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

from stb_profile.phone import orders
from stb_profile.phone.orders import ORDER, REPORT, Close, Listening, Send

START_S = 10.0
END_S = 3.0
LINE_BYTES = 1 << 20


class GateClosed(Exception):
    """The gate did not start, or is no longer there."""


class GateProcess:
    """A running gate. Also the `Wire` of the box."""

    def __init__(self, process: Process, listening: Listening) -> None:
        self._process = process
        self.address = listening.address
        """`https://HOST:PORT`."""
        self.certificate = listening.certificate
        """SHA-256 of it."""

    @classmethod
    async def start(cls, address: str) -> GateProcess:
        """Listening, with the door shut. Raises GateClosed."""
        command = (sys.executable, "-m", "stb_profile.phone.gate", "--address", address)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=LINE_BYTES)
        try:
            async with asyncio.timeout(START_S):
                first = await _line(process)
        except TimeoutError as exc:
            await _end(process)
            raise GateClosed from exc
        except BaseException:
            await _end(process)
            raise
        if not isinstance(first, Listening):
            await _end(process)
            raise GateClosed
        return cls(process, first)

    async def reports(self) -> AsyncIterator[REPORT]:
        """Until the gate ends."""
        while (report := await _line(self._process)) is not None:
            yield report

    def obey(self, order: ORDER) -> None:
        """Nothing when the gate has ended: `reports` tells of that."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(orders.line(order))

    def send(self, connection: int, frame: str | bytes) -> None:
        self.obey(Send(connection, frame) if isinstance(frame, str) else Send(connection, sealed=frame))

    def close(self, connection: int) -> None:
        self.obey(Close(connection))

    async def end(self) -> None:
        """What was said before is still sent. Returns when the process is gone."""
        await _end(self._process)


async def _line(process: Process) -> REPORT | None:
    assert process.stdout is not None  # noqa: S101 - it was asked for
    line = await process.stdout.readline()
    return orders.to_report.decode(line) if line else None


async def _end(process: Process) -> None:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    process.stdin.close()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
