"""Who works at a hospital beside the kiosk while its tour is walked: the practice's computer, and the line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.driver import REACH_S, Lost

LOOK_S = 0.1
"""How often a practice's computer looks into its folder."""
BILL, REFUND = "tour-bill", "tour-refund"


class PlayedPractice:
    """Posts into the till's folders as a practice's own program does, and reads what it is told there."""

    def __init__(self, folder: Path, today: Callable[[], date], switch: Callable[[bool], Awaitable[None]]) -> None:
        """`folder` is the till's; `switch` turns the line on and off."""
        self._folder = folder
        self._today = today
        self._switch = switch
        for name in ("req", "res"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for old in (*(folder / "req").iterdir(), *(folder / "res").iterdir()):
            old.unlink()

    async def line(self, *, up: bool) -> None:
        """Let the backend go away, or come back."""
        await self._switch(up)

    def bill(self, number: str, yen: int) -> None:
        """Post what the one with this reception number has to pay."""
        self._post(BILL, {"kind": "bill", "day": self._today().isoformat(), "number": number, "amount": yen})

    async def refund(self) -> None:
        """Want back what was paid. Raises Lost when nothing was."""
        paid = await self._answer(BILL)
        self._post(REFUND, {"kind": "refund", "key": paid["key"], "receipt": paid["receipt"]})

    async def refunded(self) -> None:
        """Wait until it was given back. Raises Lost."""
        told = await self._answer(REFUND)
        if told["kind"] != "refunded":
            raise Lost(f"the refund was {told['kind']}")

    async def _answer(self, name: str) -> dict[str, Any]:
        path = self._folder / "res" / f"{name}.json"
        try:
            async with asyncio.timeout(REACH_S):
                while not path.exists():  # noqa: ASYNC110 - a folder of somebody else's has no events
                    await asyncio.sleep(LOOK_S)
        except TimeoutError as exc:
            raise Lost(f"the practice was told nothing of {name}") from exc
        return dict(json.loads(path.read_bytes()))

    def _post(self, name: str, content: dict[str, Any]) -> None:
        draft = self._folder / name
        draft.write_text(json.dumps(content), "utf-8")
        draft.replace(self._folder / "req" / f"{name}.json")
