"""Every kind of screen in three window sizes and three text sizes: nothing cut, covered or small.

Where things stand is measured without painting. A theme moves nothing, which one test says, so themes multiply with the
screens alone: `test_colours.py` paints each screen in each theme and finds nothing faint.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtQuick import QQuickItem, QQuickWindow

from kiosk.screens import KINDS, Screen
from kiosk.stage_data import SCREENS, UI
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat
from tests.ui.scene import TEXT_SCALES, Spot

SAMPLES = [*samples.typical(), *samples.extreme()]
TYPICAL = {screen.name for screen in samples.typical()}
SIDE, EDGE = 96, 60
LEAST_PX = 32


def test_every_kind_has_a_file_and_a_sample() -> None:
    assert set(SCREENS) == set(KINDS)
    assert {path.name for path in (UI / "screens").glob("*.qml")} == set(SCREENS.values())
    assert {type(screen) for screen in samples.typical()} == set(KINDS)


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)], ids=["720p", "1080p", "2160p"])
@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_every_screen_can_be_read(seat: Seat, profile: str, size: tuple[int, int], scale: float) -> None:
    person = seat(profile, size, scale)
    person.stage.card_inside = True
    found = [
        f"{screen.name}: {fault}"
        for screen in SAMPLES
        for fault in faults(person, screen, profile == "counter", whole=screen.name in TYPICAL and scale < 1.5)
    ]
    assert not found, "\n".join(found)


def faults(person: Person, screen: Screen[Any], pointer: bool, whole: bool) -> list[str]:
    person.lay_out(screen)
    window = person.stage.window
    texts, readings = scene.text_spots(window)
    return [
        *(fault for text in texts for fault in _text_faults(text, window, pointer, whole)),
        *_overlaps(texts),
        *_reading_faults(readings, texts, _safe(window, pointer)),
        *_covered(texts, window),
        *_focus_faults(window),
    ]


def _text_faults(spot: Spot, window: QQuickWindow, pointer: bool, whole: bool) -> list[str]:
    text, name, area = spot.item, spot.name, spot.area
    font = text.property("font")
    faults = []
    unit = window.height() / 1080
    if font.pixelSize() < round(LEAST_PX * unit * (34 / 40 if pointer else 1)):
        faults.append(f"{name!r} is {font.pixelSize()} px")
    if font.family() not in ("BIZ UDPGothic", "BIZ UDGothic", "DejaVu Sans"):
        faults.append(f"{name!r} is in {font.family()}")
    if scene.look_up(text, "textFormat") != Qt.TextFormat.PlainText.value:
        faults.append(f"{name!r} would be read as markup")
    if whole and text.property("truncated"):
        faults.append(f"{name!r} is cut")
    if text.property("contentHeight") > text.height() + 1 or text.property("contentWidth") > text.width() + 1:
        faults.append(f"{name!r} is larger than its place")
    if not _safe(window, pointer).contains(area):
        faults.append(f"{name!r} stands outside the safe area: {area}")
    if not _whole_lines(text, area):
        faults.append(f"a line of {name!r} is cut through")
    if (surface := _surface(text)) and not _grown(scene.place(surface), 1).contains(area):
        faults.append(f"{name!r} leaves its surface")
    return faults


def _safe(window: QQuickWindow, pointer: bool) -> QRectF:
    """Televisions cut off the edge of the picture; touch screens do not, and their footer uses it."""
    unit = window.height() / 1080
    side, edge = SIDE * unit, EDGE * unit
    bottom = 30 * unit if pointer else edge
    return _grown(QRectF(side, edge, window.width() - 2 * side, window.height() - edge - bottom), 1)


def _grown(area: QRectF, by: float) -> QRectF:
    return area.adjusted(-by, -by, by, by)


def _whole_lines(text: QQuickItem, area: QRectF) -> bool:
    lines = area.height() / (text.property("contentHeight") / text.property("lineCount"))
    return abs(lines - round(lines)) < 0.1


def _surface(text: QQuickItem) -> QQuickItem | None:
    """The nearest rectangle a text stands on, if any."""
    item = text.parentItem()
    while item is not None and not item.inherits("QQuickRectangle"):
        item = item.parentItem()
    return item


def _overlaps(texts: list[Spot]) -> list[str]:
    # Letters leave a tenth of their line free above and below: where boxes touch, letters do not yet.
    tenths = (text.item.property("font").pixelSize() / 10 for text in texts)
    boxes = [(text, text.area.adjusted(1, tenth, -1, -tenth)) for text, tenth in zip(texts, tenths, strict=True)]
    return [
        f"{one.name!r} and {other.name!r} overlap"
        for (one, its), (other, theirs) in combinations(boxes, 2)
        if its.intersects(theirs)
    ]


def _reading_faults(readings: list[Spot], texts: list[Spot], safe: QRectF) -> list[str]:
    """Readings may stand in the spare room of their own label only, and beside each other."""
    found = []
    for reading in readings:
        area, label = reading.area, reading.item.parentItem().parentItem()
        name = f"{reading.name!r} above {label.property('text')!r}"
        if not safe.contains(area):
            found.append(f"{name} stands outside the safe area")
        small = area.adjusted(1, area.height() / 8, -1, -area.height() / 8)
        found += [
            f"{name} and {text.name!r} overlap"
            for text in texts
            if small.intersects(text.area.adjusted(1, 0, -1, 0)) and text.item is not label
        ]
        found += [
            f"{name} and {other.name!r} overlap"
            for other in readings
            if other is not reading and small.intersects(other.area.adjusted(3, 3, -3, -3))
        ]
    return found


def _covered(texts: list[Spot], window: QQuickWindow) -> list[str]:
    return [
        f"{text.name!r} is under {control.property('key')}"
        for control in scene.pressables(window)
        for text in texts
        if scene.seen(control).intersects(text.area.adjusted(1, 1, -1, -1))
        and not scene.inside(text.item, control.parentItem())
    ]


def _focus_faults(window: QQuickWindow) -> list[str]:
    rings = scene.focused(window)
    # Where the footer alone can be pressed, the ring waits for the first arrow.
    pressable = [item for item in scene.pressables(window) if not item.property("key").startswith("footer.")]
    if len(rings) > 1 or (pressable and not rings):
        return [f"{len(rings)} controls have focus: {rings}"]
    return []
