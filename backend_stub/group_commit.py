"""Many in one commit: what comes while one is under way goes into the next, durable before anybody hears of it.

A commit costs as much as many rows, and waits for the disk beside the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from backend_stub.bulk import MOST_ROWS

One = TypeVar("One")
Kept = TypeVar("Kept")


class GroupCommit(Generic[One, Kept]):
    """`commit` writes several in one transaction, in a thread, and says of each what became of it. Used by one loop."""

    def __init__(self, commit: Callable[[Sequence[One]], Sequence[Kept]]) -> None:
        self._commit = commit
        self._waiting: list[tuple[One, asyncio.Future[Kept]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, one: One) -> Kept:
        """Give what became of it, once it is durable. Raises what `commit` did: then it is not kept."""
        done: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await done

    async def close(self) -> None:
        """Wait until what was handed in is written."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            await self._quiet()
            group, self._waiting = self._waiting[:MOST_ROWS], self._waiting[MOST_ROWS:]
            try:
                kept = await asyncio.to_thread(self._commit, [one for one, _ in group])
            except Exception as exc:  # noqa: BLE001 - whatever it is, those who wait must hear of it
                _settle(group, exc)
            else:
                _settle(group, kept)
        self._writing = None

    async def _quiet(self) -> None:
        """Let the loop answer whom it can hear, while more come with each of its turns: one commit then is for all."""
        so_far = 0
        while so_far < len(self._waiting) < MOST_ROWS:
            so_far = len(self._waiting)
            await asyncio.sleep(0)


def _settle(group: Sequence[tuple[One, asyncio.Future[Kept]]], outcome: Sequence[Kept] | Exception) -> None:
    for place, (_, done) in enumerate(group):
        if done.done():  # its request was given up meanwhile; what was written stays written
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome[place])
