"""The card in a reader of nfcpy: the far end of its UDP driver, whose datagrams are `106B <hexadecimal frame>`.

`RFOFF` alone says that the reader switched its field off; it comes on again with the next frame.
Source: nfcpy's documentation of the device path `udp:<host>:<port>`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, cast

from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange, Lost, Silent
from drivers.software_card.links.isodep import Apdu, Picc, TypeB

_log = logging.getLogger(__name__)

_RATE: Final = b"106B"
_FIELD_OFF: Final = b"RFOFF"
_NOISE: Final = b"\x00"
"""Heard by a reader that asks an empty field who is there. nfcpy's driver waits a whole second for silence to end,
where a reader's own firmware is back in milliseconds."""
_SENSB_REQ: Final = b"\x05"
_MORE_TIME: Final = 10
"""Waiting times to ask for at once."""

_Address = tuple[str, int]


class UdpField:
    """The field of one reader at one UDP port, and the card that is laid into it."""

    def __init__(self, exchange: Exchange | None = None, left: Callable[[], None] = lambda: None) -> None:
        """`exchange` may bring faults and timing; `left` is told when a fault has taken the card out."""
        self._exchange = exchange or Exchange()
        self._left = left
        self._port = _Port(self)
        self._picc = Picc()
        self._card: SoftwareCard | None = None
        self._work: asyncio.Task[None] | None = None

    async def open(self, host: str, port: int = 0) -> str:
        """Start to listen, at a free port unless said; return the reader's path for nfcpy."""
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self._port, local_addr=(host, port)
        )
        bound_host, bound_port = transport.get_extra_info("sockname")[:2]
        return f"udp:{bound_host}:{bound_port}"

    async def close(self) -> None:
        """Take the card out and stop listening."""
        self.remove()
        await self._port.close()

    def insert(self, card: SoftwareCard, kind: TypeB | None = None) -> None:
        """Lay a card into the field, which is empty."""
        self._card = card
        self._picc = Picc(kind)

    def remove(self) -> None:
        """Take the card out, if there is one. It has no power when this returns, and says nothing more."""
        self.switch_off()
        self._card = None

    def switch_off(self) -> None:
        """End the field: the card loses its power."""
        if self._work is not None:
            self._work.cancel()
            self._work = None
        self._picc.field_off()
        self._follow_power()

    def hear(self, frame: bytes, reader: _Address) -> None:
        """Take one frame of the reader at this address; the answer goes there."""
        if self._card is None:
            if frame[:1] == _SENSB_REQ:
                self._port.send(_NOISE, reader)
            return
        reply = self._picc.hear(frame)
        self._follow_power()
        if isinstance(reply, Apdu):
            self._work = asyncio.create_task(self._carry_out(self._card, reply.command, reader))
        elif reply is not None:
            self._port.send(reply, reader)

    def _follow_power(self) -> None:
        """The chip starts when it is selected, not at every look into the field: so its trace tells visits."""
        if self._card is not None and self._card.powered != self._picc.active:
            if self._picc.active:
                self._card.power_on()
            else:
                self._card.power_off()

    async def _carry_out(self, card: SoftwareCard, command: bytes, reader: _Address) -> None:
        work = asyncio.ensure_future(self._exchange.answer(card, command))
        try:
            await self._ask_for_time(work, reader)
            self._port.send(self._picc.answer(work.result()), reader)
        except Silent:
            self._picc.mute()
        except Lost as exc:
            _log.info("the card leaves the field: %s", exc)
            self._work = None  # this task, which is about to end
            self.remove()
            self._left()
        finally:
            work.cancel()

    async def _ask_for_time(self, work: asyncio.Future[bytes], reader: _Address) -> None:
        """Return when the card has done its work, and keep the reader waiting for so long."""
        half_s = self._picc.kind.waiting_s / 2
        wait_s = half_s
        while not (await asyncio.wait({work}, timeout=wait_s))[0]:
            self._port.send(self._picc.more_time(_MORE_TIME), reader)
            wait_s = _MORE_TIME * half_s


class _Port(asyncio.DatagramProtocol):
    """Frames as nfcpy's datagrams."""

    def __init__(self, field: UdpField) -> None:
        self._field = field
        self._transport: asyncio.DatagramTransport | None = None
        self._closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # asyncio's promise, whatever its class

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    def datagram_received(self, data: bytes, addr: _Address) -> None:
        rate, _, digits = data.partition(b" ")
        if data == _FIELD_OFF:
            self._field.switch_off()
        elif rate == _RATE and (frame := _bytes(digits)):
            self._field.hear(frame, addr)

    def send(self, frame: bytes, reader: _Address) -> None:
        if self._transport is not None:
            self._transport.sendto(_RATE + b" " + frame.hex().encode(), reader)

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            await self._closed.wait()


def _bytes(digits: bytes) -> bytes:
    """Nothing for what is no hexadecimal: a frame that nobody can read."""
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        return b""
