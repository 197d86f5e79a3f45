"""The window of the stage and the QML engine behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QFontDatabase
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.stage_data import UI
from kiosk.words import COMPLETE, Language, languages

FONT = "BIZ UDPGothic"


class BrokenUi(Exception):
    """A QML file could not be loaded; the Qt log says why."""


def japanese_font() -> bool:
    """Whether the font of all texts is installed. Ask after the application exists, before a window is made."""
    return QFontDatabase.hasFamily(FONT)


def offered() -> tuple[Language, ...]:
    """The languages whose font is installed."""
    return tuple(language for language in languages() if QFontDatabase.hasFamily(language.font))


def face(language: str) -> str:
    """The font family for a language's texts."""
    if language in COMPLETE:
        return FONT  # without opening a file before the first frame
    return next((found.font for found in languages() if found.file == language), FONT)


class StageWindow(QObject):
    """One QML file of `ui/` in a window, unseen until `reveal`; full screen without `size` (pixels)."""

    def __init__(
        self, file: str, size: tuple[int, int] | None, properties: dict[str, Any], framed: Callable[[], None]
    ) -> None:
        """`framed` is told of every frame. Raises BrokenUi."""
        super().__init__()
        self.engine = QQmlApplicationEngine(self)
        self.engine.addImportPath(str(UI))
        self.engine.setInitialProperties(properties)
        self.engine.load(QUrl.fromLocalFile(str(UI / file)))
        if not self.engine.rootObjects():
            raise BrokenUi(file)
        window = self.engine.rootObjects()[0]
        assert isinstance(window, QQuickWindow)  # noqa: S101 - so that grabWindow and frameSwapped are there
        self.window = window
        self._full_screen = size is None
        window.resize(*(size or window.screen().size().toTuple()))
        window.frameSwapped.connect(framed)

    def reveal(self) -> None:
        """Show the window and take the keys."""
        if self._full_screen:
            self.window.showFullScreen()
        else:
            self.window.show()
        self.window.requestActivate()

    def hide_pointer(self) -> None:
        from PySide6.QtCore import Qt

        self.window.setCursor(Qt.CursorShape.BlankCursor)

    def digits(self) -> dict[str, int]:
        """Of everything in sight that is pressed by its digit: key -> digit."""
        found: dict[str, int] = {}
        _collect_digits(self.window.contentItem(), found)
        return found

    def close(self) -> None:
        """Take the window down with all its QML: now, and not in whatever order the interpreter would collect it."""
        self.window.close()
        shiboken6.delete(self.engine)

    def collect_garbage(self) -> None:
        """After the items that were taken down are really deleted: Qt does that when it is back in its event loop."""
        QTimer.singleShot(0, self.engine.collectGarbage)

    def grab(self, path: str) -> None:
        """Save what the window shows. Raises OSError when the file cannot be written."""
        if not self.window.grabWindow().save(path):
            raise OSError(f"cannot write {path}")


def _collect_digits(item: QQuickItem, found: dict[str, int]) -> None:
    for child in item.childItems():
        if child.isVisible():
            key, digit = child.property("key"), child.property("digit")
            if key and digit is not None and digit >= 0:
                found[key] = digit
            _collect_digits(child, found)
