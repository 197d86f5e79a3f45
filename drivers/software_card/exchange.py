"""One command to a card and its answer back, as it is between a real card and its reader: slow, and with faults.

Every link asks its card through this, and does itself what only a link can do: take the card out, stay silent.
"""

from __future__ import annotations

import asyncio

from drivers.software_card.card import SoftwareCard
from drivers.software_card.errors import NoPower, SoftwareCardError
from drivers.software_card.faults import Deed, Faults, Status, Truncate
from drivers.software_card.timing import Timing

_VERIFY = 0x20
_HEADER = 5
_BEFORE = {Deed.REMOVE, Deed.UNPLUG, Deed.STOP_SERVICE}


class Lost(SoftwareCardError):
    """The card, its reader or the service is to go now: the link does it. No answer comes."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(deed.value)
        self.deed = deed


class Silent(SoftwareCardError):
    """The card is there and never answers, until it is powered again."""


class Exchange:
    """The way to and from the cards of one link. `faults` and `timing` may be changed between two commands."""

    def __init__(self, faults: Faults | None = None, timing: Timing | None = None) -> None:
        self.faults = faults or Faults()
        self.timing = timing

    async def answer(self, card: SoftwareCard, command: bytes) -> bytes:
        """Data and status word, or what a fault leaves of them. Raises Lost, Silent, NoPower.

        After Lost the card still has power, unless the link takes it; after Silent it has none.
        """
        if not card.powered:
            raise NoPower
        hit = self.faults.next(command)
        if hit.deed in _BEFORE:
            raise Lost(hit.deed)
        if hit.deed is Deed.REMOVE_DURING:
            _tear(card, command)
            raise Lost(hit.deed)
        answer = _refused(card, command, hit.deed) if isinstance(hit.deed, Status) else card.answer(command)
        if hit.deed is Deed.REMOVE_AFTER:
            raise Lost(hit.deed)
        if hit.deed is Deed.MUTE:
            card.power_off()
            raise Silent
        await self._wait(hit.delay_s, command, answer)
        card.trace.departed()
        return _spoilt(hit.deed, answer)

    async def _wait(self, delay_s: float, command: bytes, answer: bytes) -> None:
        seconds = delay_s + (self.timing.exchange_s(command, answer) if self.timing else 0.0)
        if seconds:
            await asyncio.sleep(seconds)


def _tear(card: SoftwareCard, command: bytes) -> None:
    """Leave behind what a chip does that loses its power at work.

    ASSUMPTION: a chip lowers the tries before it compares and raises them again afterwards, so that a torn VERIFY costs
    a try even with the right PIN. What compares wrong in its place has the same effect.
    """
    if len(command) > _HEADER and command[1] == _VERIFY:
        card.answer(command[:_HEADER] + bytes(byte ^ 0xFF for byte in command[_HEADER:]))


def _refused(card: SoftwareCard, command: bytes, status: Status) -> bytes:
    answer = status.sw.to_bytes(2, "big")
    card.trace.add(command, answer, 0.0)
    return answer


def _spoilt(deed: Deed | Status | Truncate | None, answer: bytes) -> bytes:
    if deed is Deed.GARBAGE:
        return bytes(byte ^ 0xFF for byte in answer)
    if isinstance(deed, Truncate):
        return answer[: deed.length]
    return answer
