"""Transaction numbers (処理通番): 128 bits that sort by time and say nothing of whom they are about."""

from __future__ import annotations

from datetime import datetime
from secrets import randbits

NUMBER_BYTES = 16
RANDOM_BITS = 80


class TransactionNumbers:
    """Milliseconds (48 bits) ‖ random (80 bits); always above the last one, even if the clock steps back."""

    def __init__(self, last: bytes = bytes(NUMBER_BYTES)) -> None:
        self._last = int.from_bytes(last)

    def next(self, now: datetime) -> bytes:
        number = int(now.timestamp() * 1000) << RANDOM_BITS | randbits(RANDOM_BITS)
        if number <= self._last:
            number = self._last + 1 + randbits(RANDOM_BITS // 2)
        self._last = number
        return number.to_bytes(NUMBER_BYTES)


def shown(number: bytes) -> str:
    """Write a number for people: upper-case hex in groups of four."""
    text = number.hex().upper()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))
