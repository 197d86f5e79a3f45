"""The card in a reader that is only an object: for tests of what stands above `drivers.readers`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum

from drivers.errors import CardGone, CardMute, NoReader, ReaderBusy
from drivers.readers import DEADLINE_S, CardAway, CardHere, ReaderEvent, ReaderHere
from drivers.software_card.card import SoftwareCard


class FaultKind(Enum):
    REMOVE_BEFORE = "remove-before"
    """The card leaves before it gets the command."""
    REMOVE_AFTER = "remove-after"
    """The card carries the command out and leaves before the answer is heard."""
    MUTE = "mute"
    """The card carries the command out and never answers. It stays in the reader, silent until powered again."""


@dataclass(frozen=True, slots=True)
class FaultAt:
    """Fail at the APDU with this index, counted from 0 since the readers were made. Happens once."""

    index: int
    kind: FaultKind


class InProcessConnection:
    """A `CardConnection`."""

    def __init__(self, readers: InProcessReaders, reader: str, card: SoftwareCard) -> None:
        self._readers = readers
        self._reader = reader
        self._card: SoftwareCard | None = card
        self._mute = False
        card.power_on()

    @property
    def reader(self) -> str:
        return self._reader

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        await asyncio.sleep(0)  # a real reader always lets others run, and so gives a removal its chance
        kind = self._readers.next_fault()
        if kind is FaultKind.REMOVE_BEFORE:
            self._readers.remove(self._reader)
        if self._card is None:
            raise CardGone
        if self._mute:
            raise CardMute
        answer = self._card.answer(bytes(command))
        if kind is FaultKind.REMOVE_AFTER:
            self._readers.remove(self._reader)
            raise CardGone
        if kind is FaultKind.MUTE:
            self._mute = True
            raise CardMute
        return answer

    async def close(self) -> None:
        self.cut()
        self._readers.forget(self)

    def cut(self) -> None:
        """Take the power; every later command finds the card gone."""
        if self._card is not None:
            self._card.power_off()
            self._card = None


class InProcessReaders:
    """`Readers` whose cards a test puts in and takes out. One event loop; every event arrives in order."""

    def __init__(self, *names: str, fault: FaultAt | None = None) -> None:
        """Attach readers of these names, one "In-process 0" without any."""
        self._cards: dict[str, SoftwareCard | None] = dict.fromkeys(names or ("In-process 0",))
        self._connections: dict[str, InProcessConnection] = {}
        self._fault = fault
        self._apdus = 0
        self._events: asyncio.Queue[ReaderEvent | None] = asyncio.Queue()
        for name in self._cards:
            self._events.put_nowait(ReaderHere(name))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._cards)

    @property
    def apdus(self) -> int:
        """How many commands were sent so far, through all connections."""
        return self._apdus

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

    def next_fault(self) -> FaultKind | None:
        """Count one APDU; return what goes wrong with it."""
        index, self._apdus = self._apdus, self._apdus + 1
        return self._fault.kind if self._fault and self._fault.index == index else None

    async def events(self) -> AsyncIterator[ReaderEvent]:
        while (event := await self._events.get()) is not None:
            yield event

    async def connect(self, reader: str) -> InProcessConnection:
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
