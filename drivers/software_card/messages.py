"""The control protocol's messages: one JSON object a line, over TCP on the local machine.

The first line of a client is its `Hello`; a wrong token is refused and the connection closed. Every request after it
gets one line: `{"ok": true, ...}` or `{"ok": false, "error": "a sentence"}`. A connection that has sent `Watch` carries
only event lines from then on.
"""

from __future__ import annotations

from typing import Literal, TypedDict

import msgspec

RENDEZVOUS = "card-control.json"
"""The file in the data folder that says where to connect; there only while the box runs."""


class Rendezvous(msgspec.Struct, frozen=True):
    port: int
    token: str
    pid: int


class Hello(msgspec.Struct, frozen=True):
    token: str


class Request(msgspec.Struct, frozen=True, tag_field="do", tag=str.lower):
    """Root of the requests; `do` names one."""


class List(Request, frozen=True):
    """-> cards: [CardLine]."""


class Insert(Request, frozen=True):
    """Put a card into a slot; the card that is there is taken out first."""

    name: str = msgspec.field(name="as")
    slot: int = 0


class Remove(Request, frozen=True):
    """Take out the card, if there is one."""

    slot: int = 0


class Trace(Request, frozen=True):
    """-> apdus, bytes_in, bytes_out, card_s: the card inserted last, since it was inserted."""


class Lines(Request, frozen=True):
    """-> lines: the last `last` commands of that card, readable, oldest first; secrets masked."""

    last: int


class Watch(Request, frozen=True):
    """-> readers: [{reader, card}], then `{"event": "here" | "away", "reader": ...}` for every change."""


class Faults(Request, frozen=True):
    """Let these fault rules hold from the next command on; none ends them. See `faults.py`."""

    rules: tuple[str, ...] = ()


class Timing(Request, frozen=True):
    """Take as long as a card at this Type B bit rate (kbit/s); null is no longer than the work needs."""

    rate: Literal[106, 212, 424, 848] | None = None


class Power(Request, frozen=True):
    """-> session. Powers the card afresh; an older session of the same reader is over. Ends with the connection."""

    reader: str


class Transmit(Request, frozen=True):
    """-> apdu: the answer in hex; the error `card gone` once the session is over."""

    session: int
    apdu: str


class Unpower(Request, frozen=True):
    """Take the power; quiet when the session is over already."""

    session: int


AnyRequest = List | Insert | Remove | Trace | Lines | Faults | Timing | Watch | Power | Transmit | Unpower


class CardLine(TypedDict):
    """One card of the list."""

    name: str
    resident: str
    tries: dict[str, int]
    inserted: int | None
    """The slot it is in."""
