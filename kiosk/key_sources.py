"""Where `madoguchi keys` hears keys: the kernel's devices, or a window; and the lines that are typed beside them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stb_profile.mapping import Key

if TYPE_CHECKING:
    from stb_profile.evdev.device import Device
    from stb_profile.evdev.strokes import Stroke

Heard = asyncio.Queue[Key | str]
"""Keys, and lines that were typed in the terminal."""

Show = Callable[[str], None]
"""Puts a sentence where the person at the remote looks."""

LETTERS = range(16, 26)
"""evdev codes of Q to P: a device with all of them is a keyboard."""


def has_display() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))


@asynccontextmanager
async def by_devices(heard: Heard, folder: Path, *, learning: bool, only: Path | None) -> AsyncIterator[Show]:
    """Hear the kernel's devices in `folder`. Learning takes one remote for itself and leaves the keyboard alone."""
    from stb_profile.evdev.device import BUS_CEC
    from stb_profile.evdev.remotes import Remotes

    def wanted(device: Device) -> bool:
        if only is not None:
            return device.path == only
        return not (learning and device.codes.issuperset(LETTERS)) and (bool(device.codes) or device.bus == BUS_CEC)

    def told(device: Device, stroke: Stroke) -> None:
        if stroke.down and not stroke.repeated:
            cec = stroke.scan if stroke.code is None and device.bus == BUS_CEC else None
            heard.put_nowait(Key(stroke.code, cec, scan=stroke.scan, device=device.name))

    following = asyncio.create_task(Remotes(wanted, told, grab=learning, folder=folder).follow())
    try:
        yield lambda sentence: None
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


@asynccontextmanager
async def by_window(heard: Heard) -> AsyncIterator[Show]:
    """Hear what the window system makes of the keys, in a window of its own."""
    window = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "kiosk.stage_listen", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert window.stdin is not None  # noqa: S101 - opened with pipes
    assert window.stdout is not None  # noqa: S101
    line = window.stdin
    hearing = asyncio.create_task(_hear(window.stdout, heard))
    try:
        yield lambda sentence: line.write(f"{sentence}\n".encode())
    finally:
        line.close()
        await asyncio.gather(hearing, window.wait(), return_exceptions=True)


async def _hear(reports: asyncio.StreamReader, heard: Heard) -> None:
    while line := await reports.readline():
        report = json.loads(line)
        if report["said"] == "key":
            heard.put_nowait(Key(report["evdev"] or None, qt=report["qt"], device="window"))
    heard.put_nowait("q")  # the window was closed


def hear_lines(heard: Heard) -> None:
    """Hear what is typed in the terminal; its end is nothing to hear."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(heard.put_nowait, line.strip())

    threading.Thread(target=read, daemon=True).start()
