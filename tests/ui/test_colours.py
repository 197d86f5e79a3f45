"""Every kind of screen in each theme, painted: nothing faint, and nothing stands elsewhere than in the others.

`MADOGUCHI_RENDERS=folder` leaves a picture of each there, to be looked at.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF

from kiosk.preferences import Size, Theme
from kiosk.screens import Screen
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat

SAMPLES = [*samples.typical(), *samples.extreme()]
CONTRAST = 7.0


def in_theme(person: Person, theme: Theme) -> None:
    person.stage.apply(replace(person.stage.preferences, theme=theme), person.stage._words)


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_no_text_is_faint(seat: Seat, profile: str, theme: Theme) -> None:
    person = seat(profile)
    in_theme(person, theme)
    person.stage.card_inside = True
    found = [
        f"{screen.name}: {fault}" for screen in SAMPLES for fault in faint(person, screen, f"{profile}-{theme.value}")
    ]
    assert not found, "\n".join(found)


def faint(person: Person, screen: Screen[Any], where: str) -> list[str]:
    person.see(screen)
    picture = person.stage.window.grabWindow()
    if folder := os.environ.get("MADOGUCHI_RENDERS"):
        picture.save(str(Path(folder) / f"{where}-{screen.name}.png"))
    ratios = {
        text.name: scene.contrast(text.item.property("color"), scene.paper_colour(picture, text.area))
        for text in scene.text_spots(person.stage.window)[0]
    }
    return [f"{text!r} has a contrast of {ratio:.1f}" for text, ratio in ratios.items() if ratio < CONTRAST]


def places(person: Person) -> list[tuple[str, QRectF]]:
    return [(text.name, text.area) for text in scene.text_spots(person.stage.window)[0]]


@pytest.mark.parametrize("size", Size)
def test_a_theme_moves_nothing(seat: Seat, size: Size) -> None:
    """So that layouts need to be measured in one theme only."""
    person = seat(scale=size.scale)
    found = []
    for theme in Theme:
        in_theme(person, theme)
        found.append([])
        for screen in SAMPLES:
            person.lay_out(screen)
            found[-1].append((screen.name, places(person)))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("size", Size)
def test_what_is_measured_is_what_is_painted(seat: Seat, size: Size) -> None:
    person = seat(scale=size.scale)
    for screen in SAMPLES:
        person.lay_out(screen)
        measured = places(person)
        person.wait_painted()
        assert measured == places(person), screen.name
