"""What went through a card: APDUs, bytes and time, readable, without any secret."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

_KEPT = 4096
"""Entries kept for reading. The totals count everything; a card may stay inserted for weeks."""
_HEADER = 4
_CARRIES_A_SECRET = {0x20, 0x24, 0x32}
"""VERIFY, CHANGE REFERENCE DATA, CHANGE KEY."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One command and what came of it. Answers are counted, not kept: they hold a person's data."""

    session: int
    """Counts power-ups from 1."""
    command: str
    """Hex; the data of a command that carries a secret is masked."""
    sw: int
    bytes_in: int
    """Into the card."""
    bytes_out: int
    card_s: float

    def __str__(self) -> str:
        head = f"{self.session:3d}  {self.sw:04X}  {self.bytes_out:4d} B  {self.card_s * 1000:7.3f} ms"
        return f"{head}  {self.command}"


@dataclass(frozen=True, slots=True)
class Totals:
    apdus: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    card_s: float = 0.0

    def plus(self, entry: Entry) -> Totals:
        return Totals(
            self.apdus + 1,
            self.bytes_in + entry.bytes_in,
            self.bytes_out + entry.bytes_out,
            self.card_s + entry.card_s,
        )


class CardTrace:
    """Everything one card was asked since it was inserted."""

    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=_KEPT)
        self.totals = Totals()
        self.held_s = 0.0
        """From the first command's arrival to the last answer's departure: how long the card had to be there."""
        self._session = 0
        self._first_at: float | None = None

    def power_on(self) -> None:
        self._session += 1

    def add(self, command: bytes, answer: bytes, card_s: float) -> None:
        if self._first_at is None:
            self._first_at = perf_counter() - card_s
        self.departed()
        sw = int.from_bytes(answer[-2:], "big")
        entry = Entry(self._session, _readable(command), sw, len(command), len(answer), card_s)
        self.entries.append(entry)
        self.totals = self.totals.plus(entry)

    def departed(self) -> None:
        """The last answer leaves only now: it took a real card's time, or a fault's."""
        if self._first_at is not None:
            self.held_s = perf_counter() - self._first_at

    def session_totals(self, session: int) -> Totals:
        """Totals of one power-up, as far back as entries are kept."""
        return _sum(entry for entry in self.entries if entry.session == session)

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries))


def _readable(command: bytes) -> str:
    shown = command.hex().upper()
    if len(command) < 2 or command[1] not in _CARRIES_A_SECRET:
        return shown
    return shown[: 2 * _HEADER] + "*" * (len(shown) - 2 * _HEADER)


def _sum(entries: Iterable[Entry]) -> Totals:
    totals = Totals()
    for entry in entries:
        totals = totals.plus(entry)
    return totals
