"""What every kind of reader offers, whatever the transport.

`Readers` reports what happens to readers and cards as a stream of events and opens connections to cards. Blocking
calls run on threads of the implementation's own; everything here is awaited on one event loop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from drivers.errors import ServiceCause

DEADLINE_S = 10.0
"""How long one APDU may take: RSA on a slow card is under 2 s, a reader that has hung never comes back."""


@dataclass(frozen=True, slots=True)
class ReaderHere:
    reader: str


@dataclass(frozen=True, slots=True)
class ReaderAway:
    reader: str


@dataclass(frozen=True, slots=True)
class CardHere:
    reader: str


@dataclass(frozen=True, slots=True)
class CardAway:
    reader: str


@dataclass(frozen=True, slots=True)
class CardWobbles:
    """The card was away for a moment ten times in a row, none of them told: somebody should say how to place it."""

    reader: str


@dataclass(frozen=True, slots=True)
class CardSteady:
    """A card of which CardWobbles was told has lain still for a while. Not told when it leaves: that is CardAway."""

    reader: str


@dataclass(frozen=True, slots=True)
class ServiceAway:
    cause: ServiceCause


@dataclass(frozen=True, slots=True)
class ServiceHere:
    pass


ReaderEvent = ReaderHere | ReaderAway | CardHere | CardAway | CardWobbles | CardSteady | ServiceAway | ServiceHere


class PinPad(Protocol):
    """A reader's own keys. What is typed on them goes to the card and never enters this machine."""

    async def verify(self, template: bytes, deadline_s: float) -> bytes:
        """Have a PIN of fixed length typed, and the command sent with it in place of the template's data.

        `template` is a whole command: header, Lc and Lc bytes to be overwritten. The reader asks once and the command
        goes out once at most. Returns the status word, of the card or of the reader itself: 6400 nobody typed in time,
        6401 cancelled on the reader, 6403 too short or too long. Raises CardGone, CardMute, ReaderFault.

        Giving up returns at once, while the reader may go on asking until its own time is up or the card is lifted;
        until then the connection raises CardMute.
        """
        ...

    async def modify(self, template: bytes, deadline_s: float) -> bytes:
        """The same for a new PIN, typed twice; 6402 says that the two differ. ReaderFault where the keys cannot."""
        ...


class CardConnection(Protocol):
    """One powered card in one reader."""

    @property
    def reader(self) -> str: ...

    @property
    def pin_pad(self) -> PinPad | None:
        """The reader's own keys for a PIN of four digits, where it has some."""
        ...

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        """Send one command APDU; return data and status word (at least 2 bytes).

        Raises CardGone, CardMute (deadline passed), ReaderFault. Never repeats a command.
        """
        ...

    async def close(self) -> None:
        """Let the card go, powered off, so that no security status stays behind. Never raises."""
        ...


class Readers(Protocol):
    """All readers of one kind. The first events tell the state found; later ones every change."""

    def events(self) -> AsyncIterator[ReaderEvent]:
        """Start watching. One consumer. A reader or card that goes and comes back gives both events, in order.

        When the service dies: ReaderAway for each reader, ServiceAway, and ServiceHere after it is back; the watch
        itself never ends and never raises.
        """
        ...

    async def connect(self, reader: str) -> CardConnection:
        """Power the card in `reader`. Raises NoReader, CardGone, CardMute, ReaderBusy, ServiceDown."""
        ...

    async def close(self) -> None:
        """Stop watching and release everything; threads have ended when this returns."""
        ...
