"""A card that does not lie still: say how to place it, until it does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Never

from kiosk import visit_screens
from kiosk.card_watch import CardWatch
from kiosk.desk import Back
from kiosk.race import first
from kiosk.screens import Stage
from kiosk.words import Words

LINGER_S = 0.2
"""Who lifts the card must not see what lies below: whoever has to speak of that lays it on top meanwhile."""


class Steady:
    """Lies over whatever is shown, ends nothing, and goes away by itself."""

    def __init__(self, stage: Stage, watch: CardWatch, words: Words) -> None:
        self._stage = stage
        self._watch = watch
        self._words = words

    async def care(self) -> Never:
        """Watch for as long as it runs. もどる takes the words away, until the card has wobbled as often again."""
        while True:
            await self._watch.until(lambda: bool(self._watch.wobbling))
            with suppress(Back):
                await first(self._stage.cover(visit_screens.place_still(self._words)), self._still())
            self._watch.wobbling.clear()

    async def _still(self) -> None:
        await self._watch.until(lambda: not self._watch.wobbling)
        await asyncio.sleep(LINGER_S)
