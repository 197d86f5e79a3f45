"""The card in a reader that is only an object: for tests of what stands above `drivers.readers`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from drivers.errors import CardGone, CardMute, NoReader, ReaderBusy, ServiceCause, ServiceDown
from drivers.readers import (
    DEADLINE_S,
    CardAway,
    CardHere,
    ReaderAway,
    ReaderEvent,
    ReaderHere,
    ServiceAway,
    ServiceHere,
)
from drivers.software_card.card import SoftwareCard
from drivers.software_card.errors import NoPower
from drivers.software_card.exchange import Exchange, Lost, Silent
from drivers.software_card.faults import Deed


class InProcessConnection:
    """A `CardConnection`. After CardMute it is of no use, as a real one."""

    pin_pad: Final = None

    def __init__(self, readers: InProcessReaders, reader: str, card: SoftwareCard) -> None:
        self._readers = readers
        self._reader = reader
        self._card: SoftwareCard | None = card
        self._over = asyncio.Event()
        card.power_on()

    @property
    def reader(self) -> str:
        return self._reader

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        apdu = bytes(command)  # before anything is awaited: a caller that gives up wipes its PIN at once
        await asyncio.sleep(0)  # a real reader always lets others run, and so gives a removal its chance
        try:
            async with asyncio.timeout(deadline_s):
                answer = await self._answer(apdu)
        except TimeoutError as exc:
            if self._card is not None:
                self._card.power_off()
            raise CardMute from exc
        except Lost as exc:
            raise self._readers.lose(self._reader, exc.deed) from exc
        if self._card is None:
            raise CardGone
        return answer

    async def _answer(self, apdu: bytes) -> bytes:
        if self._card is None:
            raise CardGone
        try:
            return await self._readers.exchange.answer(self._card, apdu)
        except (Silent, NoPower):
            await self._over.wait()
        raise CardGone

    async def close(self) -> None:
        self.cut()
        self._readers.forget(self)

    def cut(self) -> None:
        """Take the power; every later command finds the card gone."""
        if self._card is not None:
            self._card.power_off()
            self._card = None
            self._over.set()


class InProcessReaders:
    """`Readers` whose cards a test puts in and takes out. One event loop; every event arrives in order."""

    def __init__(self, *names: str, exchange: Exchange | None = None) -> None:
        """Attach readers of these names, one "In-process 0" without any. `exchange` may bring faults and timing."""
        self.exchange = exchange or Exchange()
        self._cards: dict[str, SoftwareCard | None] = dict.fromkeys(names or ("In-process 0",))
        self._connections: dict[str, InProcessConnection] = {}
        self._unplugged: list[str] = []
        self._service_down = False
        self._events: asyncio.Queue[ReaderEvent | None] = asyncio.Queue()
        for name in self._cards:
            self._events.put_nowait(ReaderHere(name))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._cards)

    @property
    def apdus(self) -> int:
        """How many commands were sent so far, through all connections."""
        return self.exchange.faults.commands

    def insert(self, card: SoftwareCard, reader: str | None = None) -> None:
        """Put a card into a reader that is empty, the first one unless said."""
        name = reader or self.names[0]
        self._cards[name] = card
        self._events.put_nowait(CardHere(name))

    def remove(self, reader: str | None = None) -> None:
        """Take the card out, if there is one."""
        name = reader or self.names[0]
        if self._cards[name] is None:
            return
        self._cards[name] = None
        if connection := self._connections.pop(name, None):
            connection.cut()
        self._events.put_nowait(CardAway(name))

    def forget(self, connection: InProcessConnection) -> None:
        if self._connections.get(connection.reader) is connection:
            del self._connections[connection.reader]

    def unplug(self, reader: str | None = None) -> None:
        """Take the reader away, and the card with it."""
        name = reader or self.names[0]
        self.remove(name)
        del self._cards[name]
        self._unplugged.append(name)
        self._events.put_nowait(ReaderAway(name))

    def plug(self) -> None:
        """Attach again, empty, every reader that was unplugged."""
        for name in self._unplugged:
            self._cards[name] = None
            self._events.put_nowait(ReaderHere(name))
        self._unplugged.clear()

    def stop_service(self) -> None:
        """End the service; the readers go with it."""
        for name in self.names:
            self.unplug(name)
        self._service_down = True
        self._events.put_nowait(ServiceAway(ServiceCause.NOT_RUNNING))

    def start_service(self) -> None:
        """Start the service, if it was stopped, and attach the readers, empty."""
        if self._service_down:
            self._service_down = False
            self._events.put_nowait(ServiceHere())
        self.plug()

    def lose(self, reader: str, deed: Deed) -> CardGone | NoReader | ServiceDown:
        """Do what a fault says; return what the command ends with."""
        if deed is Deed.STOP_SERVICE:
            self.stop_service()
            return ServiceDown()
        if deed is Deed.UNPLUG:
            self.unplug(reader)
            return NoReader(reader)
        self.remove(reader)
        return CardGone()

    async def events(self) -> AsyncIterator[ReaderEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def connect(self, reader: str) -> InProcessConnection:
        if self._service_down:
            raise ServiceDown
        if reader not in self._cards:
            raise NoReader(reader)
        card = self._cards[reader]
        if card is None:
            raise CardGone
        if reader in self._connections:
            raise ReaderBusy(reader)
        self._connections[reader] = InProcessConnection(self, reader, card)
        return self._connections[reader]

    async def close(self) -> None:
        for name in self.names:
            self.remove(name)
        self._events.put_nowait(None)
