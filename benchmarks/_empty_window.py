"""An empty QML window as a process of its own: says when its first frame was swapped, then waits to be ended."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow


def main() -> int:
    application = QGuiApplication(sys.argv)
    engine = QQmlApplicationEngine()
    engine.load(QUrl.fromLocalFile(str(Path(__file__).with_name("_empty.qml"))))
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    window.frameSwapped.connect(_painted)
    window.show()
    return application.exec()


def _painted() -> None:
    sys.stdout.write(json.dumps({"said": "painted", "at": time.monotonic()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
