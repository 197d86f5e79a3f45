"""The PIN pad of a PC/SC reader, found by asking the reader, used through its driver's controls."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from drivers.errors import BadAnswer, CardError, ReaderFault
from drivers.readers.pin_pad import Abilities, Feature, features, modify_structure, verify_structure
from drivers.readers.scard import GET_FEATURE_REQUEST, Card

DIGITS = 4
"""Of every PIN that is typed on a reader."""

GRACE_S = 5.0
"""How much later than the reader itself this program gives up waiting."""

Run = Callable[[Callable[[], bytes], float], Coroutine[Any, Any, bytes]]
"""Runs a job on the connection's thread with a deadline. Raises CardMute when it has passed."""


class PcscPinPad:
    """Implements `PinPad`. `asking` is true while the reader waits for keys, wanted or no longer wanted."""

    def __init__(self, card: Card, codes: dict[int, int], abilities: Abilities, run: Run) -> None:
        """For `find`, which has asked the reader."""
        self._card = card
        self._codes = codes
        self._abilities = abilities
        self._run = run
        self.asking = False

    async def verify(self, template: bytes, deadline_s: float) -> bytes:
        """See `PinPad.verify`."""
        structure = verify_structure(template, _timeout_s(deadline_s), self._abilities)
        return await self._ask(Feature.VERIFY_PIN_DIRECT, structure, deadline_s)

    async def modify(self, template: bytes, deadline_s: float) -> bytes:
        """See `PinPad.modify`."""
        if Feature.MODIFY_PIN_DIRECT not in self._codes:
            raise ReaderFault("this reader's keys verify a PIN and do not change one")
        structure = modify_structure(template, _timeout_s(deadline_s), self._abilities)
        return await self._ask(Feature.MODIFY_PIN_DIRECT, structure, deadline_s)

    async def _ask(self, feature: Feature, structure: bytes, deadline_s: float) -> bytes:
        answer = await self._run(lambda: self._control(feature, structure), deadline_s + GRACE_S)
        if len(answer) != 2:
            raise BadAnswer(f"{len(answer)} bytes where the status word of a PIN was due")
        return answer

    def _control(self, feature: Feature, structure: bytes) -> bytes:
        """On the connection's thread."""
        self.asking = True
        try:
            return self._card.control(self._codes[feature], structure)
        finally:
            self.asking = False


def find(card: Card, run: Run) -> PcscPinPad | None:
    """The reader's pad, None without one that takes four digits. Blocks; never raises.

    A reader that says something senseless of its keys is used as if it had none: the person types elsewhere.
    """
    try:
        codes = features(card.control(GET_FEATURE_REQUEST))
        abilities = _abilities(card, codes)
    except CardError:
        return None
    if Feature.VERIFY_PIN_DIRECT not in codes or not abilities.takes(DIGITS):
        return None
    return PcscPinPad(card, codes, abilities, run)


def _abilities(card: Card, codes: dict[int, int]) -> Abilities:
    if Feature.GET_TLV_PROPERTIES in codes:
        return Abilities.of_tlv(card.control(codes[Feature.GET_TLV_PROPERTIES]))
    if Feature.IFD_PIN_PROPERTIES in codes:
        return Abilities.of_properties(card.control(codes[Feature.IFD_PIN_PROPERTIES]))
    return Abilities()


def _timeout_s(deadline_s: float) -> int:
    return max(1, min(255, int(deadline_s)))
