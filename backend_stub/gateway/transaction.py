"""Transaction numbers (処理通番): 128 bits that sort by time and say nothing of whom they are about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from secrets import token_bytes

from backend_client.wire.gateway import NUMBER_BYTES

__all__ = ["NUMBER_BYTES", "TransactionNumbers"]

RANDOM_BITS = 80
RANDOM_BYTES = RANDOM_BITS // 8
TIME_BYTES = NUMBER_BYTES - RANDOM_BYTES
"""The milliseconds a transaction number begins with."""
STEP_BYTES = 5
AT_ONCE = 1024
"""Each draw lets other threads run, and the busy log writer gives the interpreter back only after a while."""


class TransactionNumbers:
    """Milliseconds (48 bits) ‖ random (80 bits); always above the last one, even if the clock steps back."""

    def __init__(self, last: bytes = bytes(NUMBER_BYTES)) -> None:
        self._last = last
        self._chance: Iterator[bytes] = iter(())
        self._moment = (datetime.min.replace(tzinfo=UTC), b"")

    def next(self, now: datetime) -> bytes:
        number = self._time(now) + self._random()
        if number <= self._last:
            step = 1 + int.from_bytes(self._random()[:STEP_BYTES])
            number = (int.from_bytes(self._last) + step).to_bytes(NUMBER_BYTES)
        self._last = number
        return number

    def _time(self, now: datetime) -> bytes:
        # A batch has one time for all its numbers.
        known, written = self._moment
        if now is not known:
            written = int(now.timestamp() * 1000).to_bytes(TIME_BYTES)
            self._moment = (now, written)
        return written

    def _random(self) -> bytes:
        chance = next(self._chance, None)
        if chance is None:
            drawn = token_bytes(AT_ONCE * RANDOM_BYTES)
            self._chance = iter([drawn[i : i + RANDOM_BYTES] for i in range(0, len(drawn), RANDOM_BYTES)])
            chance = next(self._chance)
        return chance
