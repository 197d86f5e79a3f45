"""A window that tells each key it gets, one JSON line a press: what the window system makes of a remote control.

A program of its own for `madoguchi keys --window`. A line on its standard input is shown; the input's end closes it.
"""

from __future__ import annotations

import json
import sys
import threading

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QRasterWindow

from kiosk.stage_keys import evdev_code

SIZE = (960, 240)
TEXT_PX = 48
_KNOWN = {int(key.value) for key in Qt.Key if key is not Qt.Key.Key_unknown}


class Listening(QRasterWindow):
    """Shows one sentence, tells every key."""

    told = Signal(str)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sentence = ""
        self.resize(*SIZE)
        self.setTitle("madoguchi keys")
        self.told.connect(self._show)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Called by Qt."""
        if not event.isAutoRepeat():
            _tell(said="key", qt=_name(event.key()), evdev=evdev_code(event))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Called by Qt."""
        painter = QPainter(self)
        area = QRect(0, 0, self.width(), self.height())
        painter.fillRect(area, QColor("black"))
        painter.setPen(QColor("white"))
        font = QFont(painter.font())
        font.setPixelSize(TEXT_PX)
        painter.setFont(font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.sentence)
        painter.end()

    def listen(self) -> None:
        """Show every line that comes, and tell of the end; on a thread, whose signals Qt brings to the window's."""
        for line in sys.stdin:
            self.told.emit(line.strip())
        self.ended.emit()

    def _show(self, sentence: str) -> None:
        self.sentence = sentence
        self.update()


def main() -> int:
    application = QGuiApplication(sys.argv[:1])
    window = Listening()
    window.ended.connect(application.quit)
    window.show()
    window.requestActivate()
    threading.Thread(target=window.listen, daemon=True).start()
    _tell(said="listening")
    return application.exec()


def _name(key: int) -> str:
    """As a key map has it; empty for no key, an unknown one, and a number that Qt made up for a letter."""
    prefix, _, name = (Qt.Key(key).name if key in _KNOWN else "").partition("_")
    return name if prefix == "Key" else ""


def _tell(**report: object) -> None:
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
