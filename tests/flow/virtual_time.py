"""An event loop whose clock jumps to the next timer as soon as nothing else is to be done: minutes pass in no time.

When nothing is to be done and no timer runs, nobody will ever act again: that is a dead end, and raises DeadEnd. So
does a story that goes round in circles for a day.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from contextvars import Context
from functools import partial
from random import Random
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


class ShuffledLoop(VirtualLoop):
    """Whoever can go on after an await waits a random moment first, so that tasks meet each other in any order.

    What would be done in a thread is done at such a moment too.
    """

    LATER, MOMENT_S = 0.3, 0.001

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance
        self._starting = False

    def create_task(self, coro: Any, **how: Any) -> asyncio.Task[Any]:
        """Begun at once: nothing of ours ends a task that has not begun, and no loop would let it happen."""
        self._starting = True
        try:
            return super().create_task(coro, **how)
        finally:
            self._starting = False

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:  # type: ignore[override]
        if not self._starting and self._chance.random() < self.LATER:
            return self.call_later(self._chance.random() * self.MOMENT_S, callback, *args, context=context)
        return super().call_soon(callback, *args, context=context)

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        done: asyncio.Future[T] = self.create_future()

        def work() -> None:
            try:
                result = func(*args)
            except BaseException as exc:  # noqa: BLE001 - a thread hands over whatever it fails by
                if not done.cancelled():
                    done.set_exception(exc)
            else:
                if not done.cancelled():
                    done.set_result(result)

        self.call_later(self._chance.random() * self.MOMENT_S, work)
        return done


def play(story: Coroutine[Any, Any, T], chance: Random | None = None) -> T:
    """Run it to its end in virtual time; with `chance` in one of the orders in which it may happen."""
    with asyncio.Runner(loop_factory=VirtualLoop if chance is None else partial(ShuffledLoop, chance)) as runner:
        return runner.run(story)
