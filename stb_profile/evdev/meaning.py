"""What the strokes of directly read remotes mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stb_profile.evdev.device import BUS_CEC, Device
from stb_profile.evdev.strokes import Stroke
from stb_profile.keymap import Action, KeyMap
from stb_profile.presses import Presses


class Meaning:
    """By a key map: `act` is told each action as the window's keys would tell it."""

    def __init__(self, keymap: KeyMap, act: Callable[[Action], None]) -> None:
        self._keymap, self._act = keymap, act
        self._presses: dict[Path, Presses] = {}

    def wants(self, device: Device) -> bool:
        """A remote or keyboard; not a mouse, a power button or a touch screen."""
        return device.bus == BUS_CEC or device.has_any(self._keymap.by_evdev)

    def take(self, device: Device, stroke: Stroke) -> None:
        action = self._meaning(device, stroke)
        if action is None:
            return
        presses = self._presses.setdefault(device.path, Presses())
        if not stroke.down:
            presses.up(action)
        elif presses.down(action, stroke.repeated):
            self._act(action)
        if stroke.code is None:  # nothing will tell when it is let go
            presses.up(action)

    def gone(self, device: Device) -> None:
        """Unplugged with a key down: nothing is held when it comes back."""
        self._presses.pop(device.path, None)

    def _meaning(self, device: Device, stroke: Stroke) -> Action | None:
        if stroke.code is not None:
            return self._keymap.by_evdev.get(stroke.code)
        return self._keymap.by_cec.get(stroke.scan or 0) if device.bus == BUS_CEC else None
