"""The box of software cards as the command line, tests and the tour see it: synchronous, one request a connection."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypedDict

import msgspec

from drivers.software_card.errors import CardBoxAway, CardBoxRefused
from drivers.software_card.messages import (
    RENDEZVOUS,
    CardLine,
    Faults,
    Hello,
    Insert,
    Lines,
    List,
    Remove,
    Rendezvous,
    Request,
    Timing,
    Trace,
)

__all__ = ["CardBox", "CardBoxAway", "CardBoxRefused", "CardLine", "TraceTotals"]

_DEADLINE_S = 10.0


class TraceTotals(TypedDict):
    apdus: int
    bytes_in: int
    bytes_out: int
    card_s: float
    held_s: float


class CardBox:
    """The box that runs with this data folder. Every method raises CardBoxAway, CardBoxRefused."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def insert(self, name: str, slot: int = 0) -> None:
        """Put a card into a slot; the one that is there is taken out first."""
        self._ask(Insert(name, slot))

    def remove(self, slot: int = 0) -> None:
        """Take the card out, if there is one."""
        self._ask(Remove(slot))

    def list(self) -> list[CardLine]:
        return msgspec.convert(self._ask(List())["cards"], list[CardLine])

    def trace(self) -> TraceTotals:
        """Totals of the card that was inserted last, since then."""
        totals = self._ask(Trace())
        del totals["ok"]
        return msgspec.convert(totals, TraceTotals)

    def lines(self, last: int) -> Sequence[str]:
        """The last commands of the card that was inserted last, one readable line each, oldest first."""
        return msgspec.convert(self._ask(Lines(last))["lines"], type=tuple[str, ...])

    def faults(self, *rules: str) -> None:
        """Let these fault rules hold from the next command on, which is number 0; none ends them. See `faults.py`."""
        self._ask(Faults(rules))

    def timing(self, rate: Literal[106, 212, 424, 848] | None) -> None:
        """Take as long as a card at this Type B bit rate in kbit/s, or no longer than the work needs."""
        self._ask(Timing(rate))

    def _ask(self, request: Request) -> dict[str, object]:
        try:
            answer = msgspec.json.decode(self._exchange(request), type=dict[str, object])
        except (OSError, msgspec.DecodeError) as exc:
            raise CardBoxAway(f"No box of cards runs with {self._data}.") from exc
        if not answer["ok"]:
            raise CardBoxRefused(str(answer["error"]))
        return answer

    def _exchange(self, request: Request) -> bytes:
        """The box's answer line; empty when it ended meanwhile."""
        place = msgspec.json.decode((self._data / RENDEZVOUS).read_bytes(), type=Rendezvous)
        with socket.create_connection(("127.0.0.1", place.port), _DEADLINE_S) as connection:
            connection.sendall(b"%b\n%b\n" % (msgspec.json.encode(Hello(place.token)), msgspec.json.encode(request)))
            with connection.makefile("rb") as lines:
                return lines.readline()
