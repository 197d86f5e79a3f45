"""The care mark: tells, once a day, that this box was used; for those who want their family to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Never

from backend_client import wire
from backend_client.client import Backend
from backend_client.errors import BackendError, Refused
from kiosk.box_memory import BoxMemory

MARKS = "/care/marks"


class CareMark:
    """Of one process. A day that could not be told is tried again at the next key."""

    def __init__(self, backend: Backend, memory: BoxMemory, today: Callable[[], date]) -> None:
        self._backend = backend
        self._memory = memory
        self._today = today
        self._touched = asyncio.Event()
        self._told: tuple[date, frozenset[str]] | None = None

    def touched(self) -> None:
        """Somebody pressed a key."""
        if self._memory.marks_for:
            self._touched.set()

    async def serve(self) -> Never:
        while True:
            await self._touched.wait()
            self._touched.clear()
            now = self._today(), self._memory.marks_for
            if now != self._told and await self._tell(now[1]):
                self._told = now[0], self._memory.marks_for

    async def _tell(self, tokens: frozenset[str]) -> bool:
        """Whether everybody was told; consents that have ended are forgotten."""
        ended, told = [], True
        for token in sorted(tokens):
            try:
                await self._backend.ask("POST", MARKS, wire.CareMark(box=token), type(None), None)
            except Refused as refused:
                ended += [token] if refused.code == "not_found" else []
                told = told and refused.code == "not_found"
            except BackendError:
                told = False
        if ended:
            self._memory.no_longer_for(ended)
        return told
