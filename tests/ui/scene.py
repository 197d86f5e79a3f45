"""Looking at what is really in the scene: items, texts, where they are and what colours they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import shiboken6
from PySide6.QtCore import QMetaObject, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtQml import QQmlEngine, QQmlExpression
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.preferences import Size

READING = "reading"
TEXT_SCALES = [size.scale for size in Size]


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible item below `root`."""
    for child in root.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from items(child)


def place(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def pressables(window: QQuickWindow) -> list[QQuickItem]:
    return [item for item in items(window.contentItem()) if is_pressable(item)]


def is_pressable(item: QQuickItem) -> bool:
    """No other type has both."""
    return item.property("key") is not None and item.property("digit") is not None


@contextmanager
def description(thing: QObject) -> Iterator[QMetaObject]:
    """What its type is made of.

    PySide keeps it with the thing and by its address, and never hears that QML has freed it: whatever comes to stand
    there would be taken for a QMetaObject. So it is dropped after use.
    """
    found = thing.metaObject()
    try:
        yield found
    finally:
        if "_QML" in found.className():  # what is compiled in stays
            shiboken6.invalidate(found)


def kind(thing: QObject) -> str:
    """Name of its type; those of QML have a number behind them."""
    with description(thing) as found:
        return str(found.className())


def focused(window: QQuickWindow) -> list[str]:
    """Keys of all controls that show the ring."""
    return [item.property("key") for item in pressables(window) if item.property("focus")]


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A text or control, with the part of it that is in sight: measured once, compared often."""

    item: QQuickItem
    name: str
    area: QRectF


def texts(window: QQuickWindow) -> list[QQuickItem]:
    """Every text with something to read that is in sight, if only in part; without readings above words."""
    return [spot.item for spot in text_spots(window)[0]]


def text_spots(window: QQuickWindow) -> tuple[list[Spot], list[Spot]]:
    """The texts, and the readings above words, that are in sight. The label of a reading is its grandparent."""
    found: tuple[list[Spot], list[Spot]] = [], []
    for item in items(window.contentItem()):
        if item.inherits("QQuickText") and (text := item.property("text")).strip():
            spot = Spot(item, text, seen(item))
            if min(spot.area.width(), spot.area.height()) >= 1:
                found[item.objectName() == READING].append(spot)
    return found


def written(text: QQuickItem) -> QRectF:
    """Where the letters of a text stand, in the scene; narrower than the item when it is centred or short."""
    width = min(text.property("contentWidth"), text.width())
    spare = text.width() - width
    left = 0.0
    if spare > 0:  # asking QML is slow
        alignment = Qt.AlignmentFlag(look_up(text, "effectiveHorizontalAlignment"))
        left = {Qt.AlignmentFlag.AlignHCenter: spare / 2, Qt.AlignmentFlag.AlignRight: spare}.get(alignment, 0)
    corner = text.mapToScene(QPointF(left, 0))
    return QRectF(corner.x(), corner.y(), width, text.property("contentHeight"))


def look_up(item: QQuickItem, property_name: str) -> int:
    """An enumeration of a QML type, which PySide has no converter for."""
    value, _ = QQmlExpression(QQmlEngine.contextForObject(item), item, property_name).evaluate()
    return int(value)


def seen(item: QQuickItem) -> QRectF:
    """The part of an item, or of a text's letters, that no clipping ancestor hides."""
    area = written(item) if item.inherits("QQuickText") else place(item)
    ancestor = item.parentItem()
    while ancestor is not None:
        if ancestor.clip():
            area = area.intersected(place(ancestor))
        ancestor = ancestor.parentItem()
    return area


def inside(item: QQuickItem, outer: QQuickItem) -> bool:
    while item is not None:
        if item is outer:
            return True
        item = item.parentItem()
    return False


def paper_colour(picture: QImage, area: QRectF) -> QColor:
    """The commonest colour in `area`: what the letters stand on."""
    part = picture.copy(area.toRect()).convertToFormat(QImage.Format.Format_RGB32)
    rows = [bytes(part.constScanLine(y)) for y in range(0, part.height(), 2)]
    pixels = Counter(memoryview(b"".join(rows)).cast("I"))
    return QColor.fromRgb(pixels.most_common(1)[0][0] & 0xFFFFFF)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def code(file: Path) -> str:
    """A QML file without its comments."""
    return "\n".join(line.partition("//")[0] for line in file.read_text("utf-8").splitlines())
