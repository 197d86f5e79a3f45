"""Every remote control plugged in: followed as they come and go, and their key strokes told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from stb_profile.evdev.device import FOLDER, Device, DeviceGone, devices, opened
from stb_profile.evdev.event import decoded
from stb_profile.evdev.strokes import Stroke, Strokes

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often the folder of devices is looked at. Looking, unlike being told, also sees a permission that comes later."""


class Remotes:
    """Follows the remotes in `folder` while `follow` runs. `told` gets every key stroke with its device."""

    def __init__(
        self,
        wanted: Callable[[Device], bool],
        told: Callable[[Device, Stroke], None],
        gone: Callable[[Device], None] = lambda device: None,
        *,
        grab: bool,
        folder: Path = FOLDER,
        open_device: Callable[[Path], Device] = opened,
    ) -> None:
        self._wanted, self._told, self._gone, self._grab = wanted, told, gone, grab
        self._folder, self._open = folder, open_device
        self._reading: dict[Path, Device] = {}
        self._passed_over: dict[Path, int] = {}

    @property
    def names(self) -> list[str]:
        """What is read now, for people."""
        return [device.name for device in self._reading.values()]

    async def follow(self) -> None:
        """Read all there are, and those that come later, until cancelled; then all are let go."""
        try:
            while True:
                self._look()
                await asyncio.sleep(LOOK_S)
        finally:
            for device in list(self._reading.values()):
                self._close(device)

    def _look(self) -> None:
        there = devices(self._folder)
        self._passed_over = {path: seen for path, seen in self._passed_over.items() if path in there}
        for path in there:
            if path not in self._reading:
                self._try(path)

    def _try(self, path: Path) -> None:
        try:
            inode = path.stat().st_ino
            if self._passed_over.get(path) == inode:
                return  # not ours, as we know
            device = self._open(path)
        except OSError:
            return  # no permission yet, or gone again: the next look will tell
        if not self._wanted(device):
            self._passed_over[path] = inode
            device.close()
        elif self._held_by_another(device):
            device.close()
        else:
            self._begin(device)

    def _held_by_another(self, device: Device) -> bool:
        """The visit before this one lets go as it ends: tried again at the next look."""
        if not self._grab:
            return False
        try:
            device.grab()
        except OSError:
            return True
        return False

    def _begin(self, device: Device) -> None:
        strokes = Strokes()
        self._reading[device.path] = device
        asyncio.get_running_loop().add_reader(device.descriptor, self._read, device, strokes)
        log.info("reading the keys of %s", device.name)

    def _read(self, device: Device, strokes: Strokes) -> None:
        try:
            data = device.read()
        except DeviceGone:
            log.info("%s is gone", device.name)
            self._close(device)
            self._gone(device)
            return
        for event in decoded(data):
            for stroke in strokes.take(event):
                self._told(device, stroke)

    def _close(self, device: Device) -> None:
        del self._reading[device.path]
        asyncio.get_running_loop().remove_reader(device.descriptor)
        device.close()
