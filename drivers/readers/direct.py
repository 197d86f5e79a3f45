"""Readers made of the software card's control socket, for machines without pcscd and vpcd.

One JSON object a line over TCP on the local machine; the protocol is described in `software_card/messages.py`. One
connection watches, and each powered card has one of its own, so that a slow card holds up nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, Literal, TypeVar
from weakref import WeakSet

import msgspec

from drivers.errors import BadAnswer, CardGone, CardMute, NoReader, ReaderFault, ServiceCause, ServiceDown
from drivers.readers import DEADLINE_S, ReaderEvent
from drivers.readers.seen import Seen

T = TypeVar("T")

_HOST = "127.0.0.1"
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0
"""Between two attempts to reach the box."""

_PATIENCE_S = 1.0
"""How long `close` waits for the box to take the power."""

_NO_CARD = "no card"
_CARD_GONE = "card gone"


class Place(msgspec.Struct, frozen=True):
    """Where the control socket is, and the secret that opens it."""

    port: int
    token: str


class _Slot(msgspec.Struct, frozen=True):
    reader: str
    card: bool


class _Answer(msgspec.Struct, frozen=True):
    ok: bool
    error: str = ""
    readers: tuple[_Slot, ...] = ()
    session: int = 0
    apdu: str = ""


class _Change(msgspec.Struct, frozen=True):
    event: Literal["here", "away"]
    reader: str


def find(data_dir: Path) -> DirectReaders:
    """The readers of the box of cards that keeps `data_dir`, whether it runs yet or not."""
    return DirectReaders(partial(_read_place, data_dir / "card-control.json"))


def _read_place(file: Path) -> Place:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Place)
    except (OSError, msgspec.DecodeError) as exc:
        raise ServiceDown from exc


class DirectReaders:
    """All readers of one box of cards. Implements `Readers`.

    `where` is asked before every connection, because a box that starts again has another port and token; it raises
    ServiceDown while there is none.
    """

    def __init__(self, where: Callable[[], Place]) -> None:
        self._where = where
        self._links: WeakSet[_Link] = WeakSet()
        self._connections: WeakSet[DirectConnection] = WeakSet()
        self._closing = asyncio.Event()
        self._insertions = count(1)

    async def events(self) -> AsyncIterator[ReaderEvent]:
        """See `Readers.events`; ends after `close`."""
        seen = Seen()
        pause_s = _FIRST_PAUSE_S
        while not self._closing.is_set():
            try:
                async with contextlib.aclosing(self._follow(seen)) as events:
                    async for event in events:
                        pause_s = _FIRST_PAUSE_S
                        yield event
            except ServiceDown as exc:
                if not self._closing.is_set():
                    for event in seen.service_away(exc.cause):
                        yield event
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._closing.wait()
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def connect(self, reader: str) -> DirectConnection:
        """See `Readers.connect`. Never ReaderBusy: the box gives the card to whoever asks last."""
        link = await self._open()
        try:
            answer = await link.ask(do="power", reader=reader)
            if not answer.ok:
                raise CardGone(reader) if answer.error == _NO_CARD else NoReader(answer.error)
        except BaseException:  # also when the caller gave up
            await link.close()
            raise
        connection = DirectConnection(reader, link, answer.session)
        self._connections.add(connection)
        return connection

    async def close(self) -> None:
        """See `Readers.close`. Also closes connections still open."""
        self._closing.set()
        for connection in list(self._connections):
            await connection.close()
        for link in list(self._links):
            await link.close()

    async def _follow(self, seen: Seen) -> AsyncGenerator[ReaderEvent, None]:
        """The events of one watching connection, without end. Raises ServiceDown."""
        async with await self._open() as link:
            answer = await link.ask(do="watch")
            if not answer.ok:
                raise ServiceDown(ServiceCause.NOT_AUTHORISED)
            readers = {slot.reader: next(self._insertions) if slot.card else None for slot in answer.readers}
            for event in (*seen.service_here(), *seen.readers(readers)):
                yield event
            while True:
                change = await link.change()
                readers[change.reader] = next(self._insertions) if change.event == "here" else None
                for event in seen.readers(readers):
                    yield event

    async def _open(self) -> _Link:
        link = await _Link.open(self._where())
        self._links.add(link)
        return link


class DirectConnection:
    """One card, powered for one session of the box. Implements `CardConnection`."""

    pin_pad: Final = None

    def __init__(self, reader: str, link: _Link, session: int) -> None:
        """For `DirectReaders.connect`, which powers the card."""
        self._reader = reader
        self._link = link
        self._session = session

    @property
    def reader(self) -> str:
        return self._reader

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        """See `CardConnection.transmit`. After CardMute and after cancellation the connection is of no use."""
        apdu = command.hex()  # before anything is awaited: a caller that gives up wipes its PIN at once
        try:
            async with asyncio.timeout(deadline_s):
                answer = await self._link.ask(do="transmit", session=self._session, apdu=apdu)
        except TimeoutError as exc:
            raise CardMute("transmit") from exc
        if not answer.ok:
            raise CardGone(self._reader) if answer.error == _CARD_GONE else ReaderFault(answer.error)
        return _response(answer.apdu)

    async def close(self) -> None:
        with contextlib.suppress(ServiceDown, TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await self._link.ask(do="unpower", session=self._session)
        await self._link.close()


class _Link:
    """One connection to the control socket. Every method raises ServiceDown when it is lost."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, place: Place) -> _Link:
        try:
            link = cls(*await asyncio.open_connection(_HOST, place.port))
        except OSError as exc:
            raise ServiceDown from exc
        link._say({"token": place.token})
        return link

    async def ask(self, **request: object) -> _Answer:
        """Send one request, wait for its answer. Giving up in between ends the link: the answer is still to come."""
        async with self._turn:
            try:
                self._say(request)
                return await self._hear(_Answer)
            except BaseException:
                self._writer.transport.abort()
                raise

    async def change(self) -> _Change:
        """Wait for the next event of a watching link."""
        return await self._hear(_Change)

    async def close(self) -> None:
        self._writer.transport.abort()
        with contextlib.suppress(OSError):
            # All who close wait for one future: who is cancelled meanwhile must not cancel it for the others.
            await asyncio.shield(self._writer.wait_closed())

    async def __aenter__(self) -> _Link:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _say(self, message: dict[str, object]) -> None:
        self._writer.write(msgspec.json.encode(message) + b"\n")

    async def _hear(self, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(await self._reader.readline(), type=kind)
        except (OSError, ValueError, msgspec.DecodeError) as exc:  # ValueError: a line without end
            raise ServiceDown from exc


def _response(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as exc:
        raise BadAnswer("no hexadecimal") from exc
