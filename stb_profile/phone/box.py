"""The box's side of the talk: connections and frames in, events and frames out. No sockets; the time is handed in.

At most one phone is paired. Whatever is not genuine ends its connection and nothing else: a stranger can
neither speak for the phone nor drive it away.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from stb_profile.keymap import Action
from stb_profile.phone import messages
from stb_profile.phone.invitation import Invitation, Meeting, Unwelcome
from stb_profile.phone.link import Link
from stb_profile.phone.messages import Forget, Hello, Here, Key, Near, No, Over, Return, Reveal, Role, Why
from stb_profile.phone.sealing import Channel, NotGenuine, wipe

SIGNS = (string.digits + string.ascii_uppercase).encode()
"""What can be typed."""
STRANGER_S = 10.0
"""A connection must have said who it is by then."""

# --- what happened ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived:
    """A phone read the QR and shows `check`; `Box.admit` lets it in."""

    check: str


@dataclass(frozen=True, slots=True)
class Pressed:
    action: Action


@dataclass(frozen=True, slots=True, repr=False)
class Typed:
    """Digits and capital letters for the screen of that number, as ASCII. Wiped when the event has been told."""

    screen: int
    typed: memoryview


@dataclass(frozen=True, slots=True)
class Nearer:
    """Texts are wanted on the phone, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class Awake:
    """The phone is there and wants to know how things stand."""


@dataclass(frozen=True, slots=True)
class Asleep:
    """It has no connection; it may come back."""


@dataclass(frozen=True, slots=True)
class Left:
    """There is no phone any more."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The QR is of no use any more: too late, or too many wrong keys."""


Event = Arrived | Pressed | Typed | Nearer | Awake | Asleep | Left | Spent


class Wire(Protocol):
    """Whoever carries frames."""

    def send(self, connection: int, frame: str | bytes) -> None: ...

    def close(self, connection: int) -> None: ...


# --- the box ----------------------------------------------------------------------------------------------------------

_from_stranger = msgspec.json.Decoder(messages.FROM_STRANGER)
_from_phone = msgspec.json.Decoder(messages.FROM_PHONE)


class Box:
    """Invites, admits and listens to one phone."""

    def __init__(self, wire: Wire, told: Callable[[Event], None], clock: Callable[[], float]) -> None:
        """`clock` gives seconds that only go up."""
        self._wire, self._told, self._clock = wire, told, clock
        self._strangers: dict[int, float] = {}
        self._meetings: dict[int, Meeting] = {}
        self._returning: dict[int, Channel] = {}
        self._invitation: Invitation | None = None
        self._link: Link | None = None
        self._admitted = False

    # --- the television's part ----------------------------------------------------------------------------------------

    def invite(self, certificate: bytes) -> str:
        """A new QR; the one before is worth nothing from now on. Returns what stands behind the #."""
        self.forget(Why.OVER)
        self._invitation = Invitation(certificate, self._clock())
        return self._invitation.fragment

    def withdraw(self) -> None:
        """The QR is no longer shown: whoever read it comes too late. A phone that was admitted stays."""
        self._invitation = None
        self._meetings.clear()
        if not self._admitted:
            self.forget(Why.NOT_SAME)

    def admit(self, roles: frozenset[Role]) -> None:
        """The person said that the numbers are the same, and what the phone may do. Nothing when it has left."""
        if self._link is not None:
            self._admitted, self._link.roles = True, roles
            self._told(Awake())

    @property
    def roles(self) -> frozenset[Role]:
        """Of the admitted phone; none where there is none."""
        return self._link.roles if self._link is not None and self._admitted else frozenset()

    @property
    def linked(self) -> bool:
        return self._link is not None and self._admitted

    @property
    def awake(self) -> bool:
        return self.linked and self._link is not None and self._link.connection is not None

    def say(self, message: messages.FROM_BOX) -> None:
        """To the admitted phone, if it is awake; one that sleeps asks when it is back."""
        if self._link is not None and self._link.connection is not None and self._admitted:
            self._wire.send(self._link.connection, self._link.seal(message))

    def forget(self, why: Why) -> None:
        """End the pairing: the phone cannot come back."""
        link, self._link, self._admitted = self._link, None, False
        self._returning.clear()
        if link is None:
            return
        if link.connection is not None:
            self._wire.send(link.connection, link.seal(Over(why)))
            self._wire.close(link.connection)
        self._told(Left())

    # --- the wire's part ----------------------------------------------------------------------------------------------

    def came(self, connection: int) -> None:
        self._strangers[connection] = self._clock()

    def went(self, connection: int) -> None:
        self._strangers.pop(connection, None)
        self._meetings.pop(connection, None)
        self._returning.pop(connection, None)
        if self._link is None or self._link.connection != connection:
            return
        self._link.asleep()
        if self._admitted:
            self._told(Asleep())
        else:
            self.forget(Why.OVER)

    def heard(self, connection: int, frame: str | bytes) -> None:
        """What is not genuine, or not in order, ends the connection."""
        try:
            if isinstance(frame, str):
                self._open_word(connection, _from_stranger.decode(frame))
            else:
                self._sealed(connection, frame)
        except Unwelcome as unwelcome:
            self._refuse(connection, unwelcome.why)
        except (NotGenuine, msgspec.MsgspecError, ValueError):
            self._drop(connection)

    def tick(self) -> None:
        """Let go of whoever is late. To be called every second or so while there is a wire."""
        now = self._clock()
        for connection, since in list(self._strangers.items()):
            if now - since > STRANGER_S:
                self._drop(connection)
        if self._invitation is not None and not self._invitation.used and self._invitation.over(now):
            self._end_invitation()
        if self._link is not None and self._link.silent(now):
            self._drop(self._link.connection)
        if self._link is not None and self._link.gone(now):
            self.forget(Why.OVER)

    # --- strangers ----------------------------------------------------------------------------------------------------

    def _open_word(self, connection: int, word: messages.FROM_STRANGER) -> None:
        if isinstance(word, Hello):
            self._greet(connection, word)
        elif isinstance(word, Reveal):
            self._meet(connection, word)
        else:
            self._welcome(connection, word)

    def _greet(self, connection: int, hello: Hello) -> None:
        if self._invitation is None or connection not in self._strangers:
            raise Unwelcome(Why.TOO_LATE)
        try:
            meeting = self._invitation.meet(hello, self._clock())
        except Unwelcome:
            if self._invitation.spent:
                self._end_invitation()
            raise
        self._meetings[connection] = meeting
        self._plain(connection, meeting.answer)

    def _meet(self, connection: int, reveal: Reveal) -> None:
        meeting = self._meetings.pop(connection, None)
        if meeting is None:
            raise NotGenuine("reveal")
        agreement = meeting.agree(reveal)
        del self._strangers[connection]
        self._link = Link(agreement, connection, self._clock())
        self._told(Arrived(agreement.check))

    def _welcome(self, connection: int, asked: Return) -> None:
        if self._link is None or not self._admitted:
            raise Unwelcome(Why.OVER)
        if connection not in self._strangers:
            raise NotGenuine("return")
        welcome, self._returning[connection] = self._link.welcome(asked)
        self._plain(connection, welcome)

    def _end_invitation(self) -> None:
        self._invitation = None
        self._told(Spent())

    # --- the phone ----------------------------------------------------------------------------------------------------

    def _sealed(self, connection: int, frame: bytes) -> None:
        if connection in self._returning:
            self._take_back(connection, frame)
            return
        if self._link is None or self._link.connection != connection:
            raise NotGenuine("stranger")
        plain = self._link.open(frame, self._clock())
        try:
            self._hear(plain)
        finally:
            wipe(plain)

    def _take_back(self, connection: int, frame: bytes) -> None:
        """The first sealed frame of a new connection proves that the phone itself is back. Raises NotGenuine."""
        channel = self._returning.pop(connection)
        wipe(channel.open(frame))
        assert self._link is not None  # noqa: S101 - forgetting it forgets who is returning
        before = self._link.connection
        self._link.returned(connection, channel, self._clock())
        del self._strangers[connection]
        if before is not None:
            self._wire.close(before)
        self._told(Awake())

    def _hear(self, plain: bytearray) -> None:
        if not self._admitted:
            return
        if plain[:1] == bytes((messages.TYPED,)):
            self._hear_typed(plain)
            return
        match _from_phone.decode(memoryview(plain)[1:]):
            case Here():
                pass
            case Key(key):
                self._told(Pressed(Action(key)))
            case Near(on):
                self._told(Nearer(on))
            case Forget():
                self.forget(Why.OVER)

    def _hear_typed(self, plain: bytearray) -> None:
        start = 1 + messages.SCREEN
        typed = memoryview(plain)[start:]
        if not all(sign in SIGNS for sign in typed):
            raise NotGenuine("typed")
        self._told(Typed(int.from_bytes(plain[1:start]), typed))

    # --- connections --------------------------------------------------------------------------------------------------

    def _plain(self, connection: int, word: messages.Plain) -> None:
        self._wire.send(connection, msgspec.json.encode(word).decode())

    def _refuse(self, connection: int, why: Why) -> None:
        self._plain(connection, No(why))
        self._drop(connection)

    def _drop(self, connection: int | None) -> None:
        if connection is not None:
            self._wire.close(connection)
            self.went(connection)
