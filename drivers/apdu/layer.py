"""What every layer offers to the one above it, and how it shares one deadline among several commands."""

from __future__ import annotations

import asyncio
from typing import Protocol

from drivers.errors import CardMute


class Layer(Protocol):
    """One command down, one answer up. A `CardConnection` is the lowest."""

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        """Send one command within `deadline_s`; return data and status word.

        Raises CardGone, CardMute (deadline passed), ReaderFault, and BadAnswer for what is no answer.
        """
        ...


class Countdown:
    """One deadline, from now on, for an exchange of several commands."""

    def __init__(self, deadline_s: float) -> None:
        self._now = asyncio.get_running_loop().time
        self._ends = self._now() + deadline_s

    def left_s(self) -> float:
        """What the next command may take. Raises CardMute when nothing is left: the card answers, but too slowly."""
        left_s = self._ends - self._now()
        if left_s <= 0:
            raise CardMute("the deadline passed between two commands")
        return left_s
