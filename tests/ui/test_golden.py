"""One picture of each kind of screen, small and grey: what it looks like does not change unnoticed.

Letters may be drawn a little otherwise elsewhere, so a patch may differ a little and a picture less. After a change
that is meant, `MADOGUCHI_REGOLD=1 python -m pytest tests/ui/test_golden.py` paints them anew: look at them then.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from tests.ui import samples, scene
from tests.ui.conftest import Person

GOLDEN = Path(__file__).parent / "golden"
KINDS = {type(screen).__name__: screen for screen in reversed(samples.typical())}
"""The first sample of each kind."""
WIDTH, HEIGHT = 320, 180
PATCH = 20
IN_A_PATCH, IN_ALL = 12.0, 1.5
"""Largest mean difference, of 255."""


def pictures(person: Person) -> list[QQuickItem]:
    """They have a size once they are there."""
    found = scene.items(person.stage.window.contentItem())
    return [item for item in found if item.inherits("QQuickImage") and item.property("source") != QUrl()]


def small(picture: QImage) -> QImage:
    scaled = picture.scaled(
        WIDTH, HEIGHT, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return scaled.convertToFormat(QImage.Format.Format_Grayscale8)


def differences(one: QImage, other: QImage) -> list[float]:
    """The mean of each patch."""
    rows = [
        [
            abs(a - b)
            for a, b in zip(bytes(one.constScanLine(y))[:WIDTH], bytes(other.constScanLine(y))[:WIDTH], strict=True)
        ]
        for y in range(HEIGHT)
    ]
    return [
        sum(sum(row[x : x + PATCH]) for row in rows[y : y + PATCH]) / PATCH**2
        for y in range(0, HEIGHT, PATCH)
        for x in range(0, WIDTH, PATCH)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_it_looks_as_it_did(person: Person, qtbot: QtBot, kind: str) -> None:
    person.stage.card_inside = True
    person.see(KINDS[kind])
    qtbot.waitUntil(lambda: all(picture.implicitWidth() > 0 for picture in pictures(person)))
    picture, file = small(person.stage.window.grabWindow()), GOLDEN / f"{kind}.png"
    if os.environ.get("MADOGUCHI_REGOLD"):
        assert picture.save(str(file))
    found = differences(picture, QImage(str(file)).convertToFormat(QImage.Format.Format_Grayscale8))
    assert max(found) <= IN_A_PATCH
    assert sum(found) / len(found) <= IN_ALL


def test_another_sentence_would_be_seen(person: Person) -> None:
    person.see(KINDS["Confirm"])
    one = small(person.stage.window.grabWindow())
    person.see(next(screen for screen in samples.typical() if screen.name == "confirm_end"))
    assert max(differences(one, small(person.stage.window.grabWindow()))) > IN_A_PATCH


def test_every_picture_has_its_screen() -> None:
    assert {file.stem for file in GOLDEN.glob("*.png")} == set(KINDS)
