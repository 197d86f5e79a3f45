"""An event loop that at every await goes on with one of those who could, drawn by a seed; time as in virtual_time.

Whose a step is, its context says: a visit's tasks and all that they begin bear the visitor's name. Each one's own steps
keep their order, as they would in a process of its own; which of them waits, and for how long, is the seed's.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from random import Random
from typing import Any, TypeVar, cast

from tests.flow.virtual_time import VirtualLoop

T = TypeVar("T")

WHOSE: ContextVar[str] = ContextVar("whose", default="")
"""Empty: nobody's in particular."""
SOON_S = 1.0
"""A timer this near may go off although somebody could still go on; deadlines are farther."""
EARLY = 0.25
"""How often it does."""


class Stepper(VirtualLoop):
    """`chance` draws; set it anew for each order. `steps` and `turns` count steps and changes from one to another."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = Random(0)
        self.steps = self.turns = 0
        self._last = ""
        self._waiting: defaultdict[str, deque[asyncio.Handle]] = defaultdict(deque)

    def _run_once(self) -> None:
        """One step of one of them. The base class keeps what is ready in `_ready` and timers in `_scheduled`."""
        loop = cast("Any", self)
        while loop._ready:
            handle = loop._ready.popleft()
            self._waiting[handle._context.get(WHOSE, "")].append(handle)
        able = sorted(whose for whose, handles in self._waiting.items() if handles)
        if able:
            loop._ready.append(self._waiting[self._drawn(able)].popleft())
            self._hurry(loop._scheduled)
        loop.__class__.__mro__[1]._run_once(self)

    def run_in_executor(self, _executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """In the loop itself, at once: a thread's moment nobody could draw."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except BaseException as exc:  # noqa: BLE001 - as an executor does: whoever waits has it
            done.set_exception(exc)
        return done

    def _drawn(self, able: list[str]) -> str:
        whose = self.chance.choice(able)
        self.steps += 1
        self.turns += whose != self._last
        self._last = whose
        return whose

    def _hurry(self, scheduled: list[asyncio.TimerHandle]) -> None:
        if scheduled and scheduled[0].when() < self._clock.now + SOON_S and self.chance.random() < EARLY:
            self._clock.now = max(self._clock.now, scheduled[0].when())


def begin(whose: str, story: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Begin somebody's story in the running loop."""
    context = copy_context()
    context.run(WHOSE.set, whose)
    return asyncio.get_running_loop().create_task(story, name=whose, context=context)


async def pause() -> None:
    """An await at which others may go on: there is one wherever a socket is read or written."""
    await asyncio.sleep(0)
