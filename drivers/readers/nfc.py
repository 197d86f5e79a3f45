"""Readers that nfcpy drives itself, past the card service: the RC-S380 and its like, for Type B cards.

Each reader has one thread, which looks for a card several times a second and does what the connection to it asks for.
There is no service in between, so no event tells of one. pcscd must not hold the same device.

Importing this module raises ImportError where nfcpy is missing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from drivers.errors import CardError, CardMute, NoReader, ReaderBusy, ReaderFault
from drivers.readers import DEADLINE_S, ReaderEvent
from drivers.readers.nfc_watch import Watch
from drivers.readers.worker import Worker

T = TypeVar("T")

RC_S380 = "usb:054c:06c1", "usb:054c:06c3"
"""nfcpy's paths of both kinds of the reader, not of one device: that has another number each time it is plugged in."""

_LOOK_EVERY_S = 0.25
"""While nobody talks to the card."""

_PATIENCE_S = 3.0
"""How long `close` waits for a thread. One that hangs longer is left behind; it lets its reader go when it wakes."""


@dataclass(frozen=True, slots=True)
class _Seat:
    """One reader: what its thread does, and the thread."""

    watch: Watch
    worker: Worker


class NfcReaders:
    """The readers at these paths of nfcpy, plugged in or not. Implements `Readers`.

    A card that is gone and back within a second gives no event, only the connection to it is lost; ten times in a row
    give CardWobbles, and CardSteady once it lies still.
    """

    def __init__(self, *paths: str) -> None:
        """A path is also the reader's name. RC-S380 unless said."""
        self._events: asyncio.Queue[ReaderEvent | None] = asyncio.Queue()
        self._seats = {path: _Seat(Watch(path), Worker(f"reader {path}", _LOOK_EVERY_S)) for path in paths or RC_S380}
        self._connections: dict[str, NfcConnection] = {}

    async def events(self) -> AsyncIterator[ReaderEvent]:
        """See `Readers.events`; ends after `close`."""
        loop = asyncio.get_running_loop()
        for seat in self._seats.values():
            seat.watch.tell = lambda event: loop.call_soon_threadsafe(self._events.put_nowait, event)
            seat.worker.idle = seat.watch.look
        while (event := await self._events.get()) is not None:
            yield event

    async def connect(self, reader: str) -> NfcConnection:
        """See `Readers.connect`. ReaderBusy: this program has a connection to the card already."""
        if reader not in self._seats:
            raise NoReader(reader)
        if reader in self._connections:
            raise ReaderBusy(reader)
        connection = NfcConnection(reader, self._seats[reader], partial(self._connections.pop, reader, None))
        self._connections[reader] = connection
        try:
            await connection.power()
        except BaseException:  # also when the caller gave up: nobody else would let the card go
            await connection.close()
            raise
        return connection

    async def close(self) -> None:
        """See `Readers.close`. Also closes connections still open; waits at most 6 s for calls that hang."""
        await asyncio.gather(*(connection.close() for connection in list(self._connections.values())))
        for seat in self._seats.values():
            seat.worker.end(seat.watch.close)
        await asyncio.gather(*(seat.worker.ended(_PATIENCE_S) for seat in self._seats.values()))
        self._events.put_nowait(None)


class NfcConnection:
    """One card, selected, with power from `connect` to `close`. Implements `CardConnection`."""

    pin_pad: Final = None

    def __init__(self, reader: str, seat: _Seat, over: Callable[[], object]) -> None:
        """For `NfcReaders.connect`, which powers the card; `over` is told when the card has no power any more."""
        self._reader = reader
        self._seat = seat
        self._over = over
        self._closing: asyncio.Future[None] | None = None

    @property
    def reader(self) -> str:
        return self._reader

    async def power(self) -> None:
        """Power the card. Raises NoReader, CardGone, CardMute."""
        await self._call(self._seat.watch.power, DEADLINE_S, CardMute("power"))

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        """See `CardConnection.transmit`. After CardGone and CardMute the connection is of no use."""
        apdu = bytearray(command)  # before anything is awaited: a caller that gives up wipes its PIN at once
        job = partial(self._seat.watch.transmit, apdu, deadline_s)
        return await self._call(job, deadline_s, CardMute("transmit"))

    async def close(self) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._release())
        await asyncio.shield(self._closing)  # whoever gives up waiting must not leave a verified card behind

    async def _release(self) -> None:
        self._seat.watch.cut()
        with contextlib.suppress(TimeoutError, ReaderFault):  # TimeoutError: the next look takes the card's power
            await self._seat.worker.call(self._seat.watch.release, _PATIENCE_S)
        self._over()

    async def _call(self, job: Callable[[], T], deadline_s: float, late: CardError) -> T:
        if self._closing is not None:
            raise ReaderFault("the connection is closed")
        try:
            return await self._seat.worker.call(job, deadline_s)
        except TimeoutError as exc:
            raise late from exc
