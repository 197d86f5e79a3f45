"""The keys of the stage's window, and touches as signs of life. Every key ends here; QML sees none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stb_profile.keymap import Action, KeyMap
from stb_profile.presses import Presses

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtQuick import QQuickWindow

SCAN_CODE_OFFSET = 8
"""X11 and Wayland count a key 8 above its evdev code."""


class Keys(QObject):
    """An event filter: `act` is told what each key means, `touched` that a finger or mouse came down."""

    def __init__(self, keymap: KeyMap, act: Callable[[Action], None], touched: Callable[[], None]) -> None:
        super().__init__()
        self._keymap = keymap
        self._act = act
        self._told_of_touch = touched
        self._presses = Presses()

    def take(self, window: QQuickWindow) -> None:
        """From now on. Not before the first frame: Qt's many enums take 10 ms to make."""
        from PySide6.QtCore import QEvent

        self._keys = {_qt_key(name): action for name, action in self._keymap.by_qt_name.items()}
        self._handlers: dict[QEvent.Type, Callable[..., bool]] = {
            QEvent.Type.KeyPress: self._pressed,
            QEvent.Type.KeyRelease: self._released,
            QEvent.Type.MouseButtonPress: self._touched,
            QEvent.Type.TouchBegin: self._touched,
            QEvent.Type.FocusOut: self._lost,
        }
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Called by Qt."""
        handle = self._handlers.get(event.type())
        return handle is not None and handle(event)

    def press(self, window: QQuickWindow, key: Action | str) -> None:
        """Press and release a key, by its Qt name or by what it means, as the keyboard would."""
        from PySide6.QtCore import QCoreApplication, QEvent, Qt
        from PySide6.QtGui import QKeyEvent

        if isinstance(key, Action):
            key = next(name for name, action in self._keymap.by_qt_name.items() if action is key)
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(window, QKeyEvent(kind, _qt_key(key), Qt.KeyboardModifier.NoModifier))

    def _action_of(self, event: QKeyEvent) -> Action | None:
        # Keys that Qt has no name for come with a native code only.
        code, evdev = evdev_code(event), self._keymap.by_evdev
        return (evdev[code] if code in self._keymap.own else self._keys.get(event.key())) or evdev.get(code)

    def _pressed(self, event: QKeyEvent) -> bool:
        action = self._action_of(event)
        if action is not None and self._presses.down(action, event.isAutoRepeat()):
            self._act(action)
        return True

    def _released(self, event: QKeyEvent) -> bool:
        action = self._action_of(event)
        if action is not None and not event.isAutoRepeat():
            self._presses.up(action)
        return True

    def _lost(self, event: QEvent) -> bool:
        self._presses.forget()  # their releases go to another window
        return False

    def _touched(self, event: QEvent) -> bool:
        self._told_of_touch()
        return False


def evdev_code(event: QKeyEvent) -> int:
    """The kernel's number of the key, 0 where the system counts in another way or made the event up."""
    return max(0, event.nativeScanCode() - SCAN_CODE_OFFSET) if sys.platform.startswith("linux") else 0


def _qt_key(name: str) -> int:
    """`Return` -> Qt.Key.Key_Return. Raises KeyError for a name Qt does not know."""
    from PySide6.QtCore import Qt

    return int(Qt.Key[f"Key_{name}"].value)
