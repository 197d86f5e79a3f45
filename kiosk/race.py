"""Several things at once until the first of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def first(*works: Awaitable[T]) -> T:
    """Run them together; return, or raise, what the first one to end gives (on a tie the first named).

    The others are cancelled and have ended when this returns. Guards that only ever end by raising go in the same call.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        winner = next(task for task in tasks if task.done())
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return winner.result()
