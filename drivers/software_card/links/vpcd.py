"""The card in a reader of pcscd: a TCP client of vpcd. Source: card reference, section 11.1."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

from drivers.software_card.card import SoftwareCard
from drivers.software_card.errors import NoPower
from drivers.software_card.exchange import Exchange, Lost, Silent

_log = logging.getLogger(__name__)

_POWER_OFF, _POWER_ON, _RESET, _GET_ATR = 0x00, 0x01, 0x02, 0x04
_FIRST_WAIT_S = 0.05
_LONGEST_WAIT_S = 1.0
_NOTICE_S = 2.0
"""pcscd looks for cards every 0.4 s."""


class VpcdLink:
    """One card put into one virtual reader, from `insert` to `remove`. Survives restarts of pcscd in between."""

    def __init__(
        self,
        card: SoftwareCard,
        host: str,
        port: int,
        exchange: Exchange | None = None,
        left: Callable[[], None] = lambda: None,
    ) -> None:
        """`exchange` may bring faults and timing; `left` is told when a fault has taken the card out."""
        self._card = card
        self._address = (host, port)
        self._exchange = exchange or Exchange()
        self._left = left
        self._task: asyncio.Task[None] | None = None
        self._noticed = asyncio.Event()

    async def insert(self) -> None:
        """Put the card in and wait until the reader gave it power; without pcscd that is left for later."""
        self._task = asyncio.create_task(self._stay())
        with suppress(TimeoutError):
            async with asyncio.timeout(_NOTICE_S):
                await self._noticed.wait()

    async def remove(self) -> None:
        """Take the card out. The connection is closed and the card without power when this returns."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        self._task = None

    async def _stay(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                if await self._one_connection():
                    wait_s = _FIRST_WAIT_S
            except Lost:
                return self._left()
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    async def _one_connection(self) -> bool:
        """Serve until the reader is gone; False when it was never there. Raises Lost."""
        try:
            reader, writer = await asyncio.open_connection(*self._address)
        except OSError:
            return False
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, NoPower) as exc:
            # NoPower: pcscd missed that the card was changed, and closing tells it.
            _log.info("reader at %s:%d went away: %s", *self._address, exc)
        finally:
            self._card.power_off()
            writer.transport.abort()
        return True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            message = await _message(reader, writer)
            answer = await self._answer(message)
            if answer is not None:
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()

    async def _answer(self, message: bytes) -> bytes | None:
        if len(message) == 1:
            return self._control(message[0])
        with suppress(Silent):
            return await self._exchange.answer(self._card, message)
        return None

    def _control(self, code: int) -> bytes | None:
        """Do what the reader's line says; return an answer where one is expected."""
        if code == _POWER_ON:
            self._card.power_on()
            self._noticed.set()
        elif code == _POWER_OFF:
            self._card.power_off()
        elif code == _RESET:
            self._card.reset()
        elif code == _GET_ATR:
            return self._card.atr
        return None


async def _message(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    length = int.from_bytes(await reader.readexactly(2), "big")
    _acknowledge_at_once(writer)
    body = await reader.readexactly(length)
    _acknowledge_at_once(writer)
    return body


def _acknowledge_at_once(writer: asyncio.StreamWriter) -> None:
    """vpcd sends length and body apart, and a delayed ACK costs 49 ms an APDU (measured). Linux forgets this option."""
    if hasattr(socket, "TCP_QUICKACK"):
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
