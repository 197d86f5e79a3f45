"""One kiosk process as its supervisor sees it, and the words the two exchange.

One JSON object a line: orders go in on standard input, reports come out on standard output. The end of either stream is
the end of the process, so neither side outlives the other. Nothing personal is ever said.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

READY, SHOWN, SCREEN, OVER, ALIVE, DONE = "ready", "shown", "screen", "over", "alive", "done"
"""Reports: warm and waiting; window shown; a screen came up; the visit ended; a heartbeat; an order was done."""

HEARTBEAT_S = 5.0
SILENCE_S = 30.0
"""A process that has said nothing for so long hangs, and is replaced."""
GOODBYE_S = 5.0


def say(what: str, **details: Any) -> None:
    """Report to the supervisor: the kiosk process's side."""
    sys.stdout.write(json.dumps({"said": what, **details}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Died(Exception):
    """The kiosk process ended, or hung and was ended, before it reported what was waited for."""


class KioskProcess:
    """A running kiosk process. `screen` is the name of the screen it shows, empty before the first."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self._reports: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._done: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read())
        self.screen = ""
        self.on_life: Callable[[], None] = lambda: None
        """Told of each screen that was painted, and of each heartbeat: the loop turns, a window in sight paints."""

    @classmethod
    async def start(cls, arguments: Sequence[str]) -> KioskProcess:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "kiosk.app", *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return cls(child)

    @property
    def pid(self) -> int:
        return self._child.pid

    async def _read(self) -> None:
        assert self._child.stdout is not None  # noqa: S101 - opened with a pipe
        while line := await self._child.stdout.readline():
            self._sort(json.loads(line))
        self._reports.put_nowait(None)
        self._done.put_nowait(None)
        self._changed()

    def _sort(self, report: dict[str, Any]) -> None:
        if report["said"] in (SCREEN, ALIVE):
            self.on_life()
        if report["said"] == SCREEN:
            self.screen = report["name"]
            self._changed()
        elif report["said"] == DONE:
            self._done.put_nowait(report)
        else:
            self._reports.put_nowait(report)

    async def order(self, do: str, **details: Any) -> None:
        """Send an order; quiet when the process has just died (the report that never comes will tell)."""
        assert self._child.stdin is not None  # noqa: S101 - opened with a pipe
        try:
            self._child.stdin.write(json.dumps({"do": do, **details}).encode() + b"\n")
            await self._child.stdin.drain()
        except ConnectionError:
            return

    async def report(self, wanted: str) -> dict[str, Any]:
        """Wait for the next report of this kind; heartbeats keep the wait alive. Raises Died."""
        while True:
            try:
                # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the result.
                async with asyncio.timeout(SILENCE_S):
                    report = await self._reports.get()
            except TimeoutError as exc:
                self.kill()
                raise Died("hung") from exc
            if report is None:
                raise Died(f"exit status {await self.ended()}")
            if report["said"] == wanted:
                return report

    async def drive(self, do: str, **details: Any) -> dict[str, Any]:
        """Order something of a driven process and wait until it is done; returns what it shows then. Raises Died."""
        await self.order(do, **details)
        done = await self._done.get()
        if done is None:
            raise Died("while driven")
        return done

    def screen_change(self) -> asyncio.Future[None]:
        """Done when the next screen comes up after this call, or the process ends."""
        return self._change

    def _changed(self) -> None:
        self._change.set_result(None)
        self._change = asyncio.get_running_loop().create_future()

    async def ended(self) -> int:
        """Wait until it has exited, for whatever reason. Returns the exit status."""
        return await self._child.wait()

    def kill(self) -> None:
        if self._child.returncode is None:
            self._child.kill()

    async def end(self) -> int:
        """Close its standard input, which asks it to exit; insist after a while. Returns the exit status."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            async with asyncio.timeout(GOODBYE_S):
                await self._child.wait()
        except TimeoutError:
            self.kill()
        status = await self.ended()
        await self._reader
        return status
