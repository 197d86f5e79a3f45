"""The demo's other two programs, the backend and the software card, started as processes of their own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

START_S = 60.0
"""First start makes RSA keys and runs the seeding exchanges; a slow box needs a while."""


class DidNotStart(Exception):
    """A program ended, or said nothing, before it was ready."""


class Program:
    """A child that says one JSON line when it is ready and ends when its standard input closes."""

    def __init__(self, child: asyncio.subprocess.Process, ready: dict[str, Any]) -> None:
        self._child = child
        self.ready = ready

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Program:
        """Start `python -m module` and wait until it is ready. Raises DidNotStart."""
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, *arguments, "--with-parent", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert child.stdout is not None  # noqa: S101 - opened with a pipe
        try:
            async with asyncio.timeout(START_S):
                return cls(child, json.loads(await child.stdout.readline()))
        except (TimeoutError, ValueError) as exc:
            child.kill()
            await child.wait()
            raise DidNotStart(f"{module} did not start") from exc

    @property
    def pid(self) -> int:
        return self._child.pid

    async def stop(self) -> None:
        assert self._child.stdin is not None  # noqa: S101 - opened with a pipe
        self._child.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._child.wait()
        except TimeoutError:
            self._child.kill()
            await self._child.wait()
