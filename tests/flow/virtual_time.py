"""An event loop whose clock jumps to the next timer as soon as nothing else is to be done: minutes pass in no time.

When nothing is to be done and no timer runs, nobody will ever act again: that is a dead end, and raises DeadEnd. So
does a story that goes round in circles for a day.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


DAY_S = 86_400.0


class DeadEnd(AssertionError):
    """Everybody waits for somebody else, for ever."""


class _Selector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or self.now > DAY_S:
            raise DeadEnd
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def play(story: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)
