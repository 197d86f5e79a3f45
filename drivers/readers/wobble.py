"""A card that does not lie still: gone from the reader's field and back within a moment, perhaps again and again."""

from __future__ import annotations

from itertools import count
from typing import Final

GRACE_S: Final = 1.0
"""How long a card may be away and still count as lying there."""

STILL_S: Final = 5.0
"""A card that has lain still for so long lies well: what it did before is forgotten."""

MANY: Final = 10
"""So many wobbles in a row, and somebody should say how to place the card."""


class Wobble:
    """Bridges the moments in which one reader does not hear its card, and counts them. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.in_a_row = 0
        """How often the card was away for a moment, without lying still in between."""
        self._insertion: int | None = None
        self._insertions = count(1)
        self._silent_since: float | None = None
        self._back_since = 0.0

    def look(self, heard: bool, now: float) -> int | None:
        """Note whether the card is heard now; return the number of its insertion while one counts as lying there."""
        silent_s = 0.0 if self._silent_since is None else now - self._silent_since
        if silent_s >= GRACE_S:
            self._leave()
        if heard:
            self._hear(now)
        elif self._insertion is not None and self._silent_since is None:
            self._silent_since = now
        return self._insertion

    def _hear(self, now: float) -> None:
        if self._insertion is None:
            self._insertion = next(self._insertions)
            self._back_since = now
        elif self._silent_since is not None:
            self._silent_since = None
            self._back_since = now
            self.in_a_row += 1
        elif now - self._back_since >= STILL_S:
            self.in_a_row = 0

    def _leave(self) -> None:
        self._insertion = None
        self._silent_since = None
        self.in_a_row = 0
