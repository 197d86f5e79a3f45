"""Polling with back-off: file events do not cross network shares."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from kiosk.handover.exchange import Exchange
from kiosk.handover.folders import FolderTrouble, Trouble

BUSY_S = 0.2
"""Between two looks while something is happening: a request rests for one look, so it is answered within a second."""
QUIET_S = 1.0
LONGEST_S = 30.0
"""Between two looks at a folder that is in trouble."""


async def watch(
    exchange: Exchange,
    told: Callable[[Trouble | None], None],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Work through the folders until cancelled. `told` hears each change: a trouble, or None when work goes on."""
    trouble: Trouble | None = None
    wait_s = BUSY_S
    while True:
        now: Trouble | None = None
        try:
            done = await exchange.step()
            wait_s = BUSY_S if done else min(wait_s * 2, QUIET_S)
        except FolderTrouble as exc:
            now = exc.trouble
            wait_s = min(max(wait_s, QUIET_S) * 2, LONGEST_S)
        if now is not trouble:
            trouble = now
            told(trouble)
        await sleep(wait_s)
