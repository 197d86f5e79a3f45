"""Readers of the PC/SC service (pcscd, or Windows' own), over pyscard's plain calls.

Threads: one follows all readers (`pcsc_watch`), and each connection has its own, so that a reader whose driver hangs
stops nobody else. What they find out comes back to the event loop; nothing here blocks it.

Importing this module raises ImportError where pyscard or the PC/SC library is missing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

from drivers.errors import CardError, CardGone, CardMute, ReaderBusy, ServiceDown
from drivers.readers import DEADLINE_S, ReaderEvent
from drivers.readers.pcsc_pin_pad import PcscPinPad, find
from drivers.readers.pcsc_watch import Watch
from drivers.readers.scard import KEEP_AWAKE_S, Card, Context, in_use, insertion
from drivers.readers.worker import Worker

T = TypeVar("T")

_BUSY_WAIT_S = 3.0
"""How long another program may keep the card before this one gives up."""

_ASK_AGAIN_S = 0.1
"""Between two attempts to take a card that another program has for itself."""

_LEAVING_S = 1.0
"""How long pcscd may need to notice that a card has left: it asks the driver every 0.4 s."""

_PATIENCE_S = 3.0
"""How long `close` waits for a thread. One that hangs longer is left behind; it powers its card off when it wakes."""


class PcscReaders:
    """All readers of the service. Implements `Readers`."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[ReaderEvent | None] = asyncio.Queue()
        self._watch: Watch | None = None
        self._connections: set[PcscConnection] = set()

    async def events(self) -> AsyncIterator[ReaderEvent]:
        """See `Readers.events`; ends after `close`."""
        loop = asyncio.get_running_loop()
        self._watch = Watch(lambda event: loop.call_soon_threadsafe(self._events.put_nowait, event))
        while (event := await self._events.get()) is not None:
            yield event

    async def connect(self, reader: str) -> PcscConnection:
        """See `Readers.connect`. Waits 3 s for another program to let the card go, then raises ReaderBusy."""
        self._connections = {connection for connection in self._connections if not connection.over}
        stuck = any(connection.reader == reader and connection.closing for connection in self._connections)
        connection = PcscConnection(reader)
        self._connections.add(connection)
        await connection.power(CardMute("a call hangs") if stuck else ReaderBusy("another program holds the card"))
        return connection

    async def close(self) -> None:
        """See `Readers.close`. Also closes connections still open; waits at most 6 s for calls that hang."""
        if self._watch is not None:
            await self._watch.stop(_PATIENCE_S)
        self._events.put_nowait(None)
        await asyncio.gather(*(connection.close() for connection in self._connections))


class PcscConnection:
    """One card, powered, in one transaction from `connect` to `close`. Implements `CardConnection`.

    A visit asks the card several times with a person's thinking in between, and what it selected and verified must
    not be at another program's disposal meanwhile: a kiosk owns its reader while a visit talks to the card.
    """

    def __init__(self, reader: str) -> None:
        """For `PcscReaders.connect`, which powers the card."""
        self._reader = reader
        self._held = ExitStack()
        self._context: Context
        self._card: Card
        self._insertion: int | None = None
        self._pin_pad: PcscPinPad | None = None
        self._worker = Worker(f"card in {reader}", KEEP_AWAKE_S)

    @property
    def reader(self) -> str:
        return self._reader

    @property
    def pin_pad(self) -> PcscPinPad | None:
        return self._pin_pad

    @property
    def closing(self) -> bool:
        return self._worker.ending

    @property
    def over(self) -> bool:
        """Closed, and its thread has ended."""
        return self._worker.over

    async def power(self, busy: CardError) -> None:
        """Power the card; `busy` is raised when it was in use and stays so. The thread ends when this raises."""
        try:
            if await self._call(self._find, DEADLINE_S, ServiceDown()):
                await self._call(self._power, _BUSY_WAIT_S, busy)
            else:
                await self._call(self._power, DEADLINE_S, CardMute("power"))
        except BaseException:  # also when the caller gave up: nobody else would let the card go
            self._worker.end(self._held.close)
            raise

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        """See `CardConnection.transmit`. Close the connection after CardMute: the command may still be under way."""
        # Copied before anything is awaited: a caller that gives up wipes its PIN at once, and a command that waited
        # for its turn would then go out with zeros and use up a try.
        apdu = list(command)
        return await self._run(partial(self._transmit, apdu), deadline_s)

    async def close(self) -> None:
        self._worker.end(self._held.close)
        await self._worker.ended(_PATIENCE_S)

    async def _run(self, job: Callable[[], bytes], deadline_s: float) -> bytes:
        """A job that concerns the card."""
        if self._pin_pad is not None and self._pin_pad.asking:
            raise CardMute("the reader still asks for a PIN")
        return await self._call(partial(self._asked, job), deadline_s, CardMute("no answer"))

    async def _call(self, job: Callable[[], T], deadline_s: float, late: CardError) -> T:
        try:
            return await self._worker.call(job, deadline_s)
        except TimeoutError as exc:
            raise late from exc

    # From here on everything runs on the connection's thread.

    def _find(self) -> bool:
        """Find the card; say whether someone uses it. Raises NoReader, CardGone, ServiceDown."""
        self._context = Context()
        self._held.callback(self._context.release)
        state = self._context.state(self._reader)
        self._insertion = insertion(state)
        if self._insertion is None:
            raise CardGone(self._reader)
        return in_use(state)

    def _power(self) -> None:
        """Take the card, as soon as whoever has it lets go."""
        while not self._worker.ending:
            try:
                self._card = self._context.connect(self._reader)
            except ReaderBusy:
                time.sleep(_ASK_AGAIN_S)
            else:
                self._held.callback(self._card.leave if self._worker.ending else self._card.release)
                self._worker.idle = self._card.touch
                self._pin_pad = find(self._card, self._run)
                return

    def _transmit(self, apdu: list[int]) -> bytes:
        try:
            return self._card.transmit(apdu)
        finally:
            apdu.clear()

    def _asked(self, job: Callable[[], bytes]) -> bytes:
        try:
            return job()
        except CardMute as exc:
            if self._has_left():
                raise CardGone(self._reader) from exc
            raise

    def _has_left(self) -> bool:
        """Whether the service sees, within a moment, that this card is no longer in the reader."""
        end = time.monotonic() + _LEAVING_S
        state = self._context.state(self._reader)
        while insertion(state) == self._insertion and (left_s := end - time.monotonic()) > 0:
            state = self._context.wait({self._reader: state}, left_s)[self._reader]
        return insertion(state) != self._insertion
