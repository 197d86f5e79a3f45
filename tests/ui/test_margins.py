"""画面の端が切れる: the safe area follows the box's own margin, which the arrows set and one file keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF

from kiosk import words
from kiosk.box_margin import fitted, keep
from kiosk.preferences import Preferences, nudged
from kiosk.screens import Margins
from stb_profile.keymap import Action
from tests.ui import samples, scene
from tests.ui.conftest import Person, Seat
from tests.ui.scene import TEXT_SCALES

SAMPLES = [screen for screen in samples.typical() if screen.name != "margins"]
PAGE = next(screen for screen in samples.typical() if isinstance(screen, Margins))


def apply(person: Person, margin: tuple[int, int, int, int]) -> None:
    person.stage.apply(replace(person.stage.preferences, margin=margin), words.load())


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("margin", [(0, 0, 0, 0), (100, 100, 100, 100), (20, 100, 80, 40)])
def test_every_text_and_control_stays_inside(seat: Seat, margin: tuple[int, int, int, int], scale: float) -> None:
    person = seat(scale=scale)
    apply(person, margin)
    window = person.stage.window
    top, right, bottom, left = margin
    area = scene.place(window.contentItem()).adjusted(
        left * 1.28 - 1, top * 0.72 - 1, 1 - right * 1.28, 1 - bottom * 0.72
    )
    found = []
    for screen in SAMPLES:
        person.lay_out(screen)
        found += [f"{screen.name}: {place}" for place in places(person) if not area.contains(place)]
    assert not found, "\n".join(found)


def places(person: Person) -> list[QRectF]:
    window = person.stage.window
    seen = (scene.seen(thing) for thing in (*scene.texts(window), *scene.pressables(window)))
    return [place for place in seen if not place.isEmpty()]


def test_the_marks_stand_in_the_corners(person: Person) -> None:
    apply(person, (10, 20, 30, 40))
    person.lay_out(PAGE)
    places = [
        scene.place(item)
        for item in scene.items(person.stage.window.contentItem())
        if item.property("atRight") is not None
    ]
    corners = {(place.left(), place.top()) for place in places} | {(place.right(), place.bottom()) for place in places}
    assert {(51, 7), (1280 - 26, 720 - 22)} <= corners
    assert len(places) == 4


@pytest.mark.parametrize("arrow", [Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT])
def test_each_arrow_is_an_answer(person: Person, arrow: Action) -> None:
    answer = person.ask(PAGE)
    person.press(arrow)
    assert answer.result() == arrow.value


@pytest.mark.parametrize("key", [Action.OK, "1"])
def test_ok_is_one_too(person: Person, key: Action | str) -> None:
    answer = person.ask(PAGE)
    person.press(key)
    assert answer.result() == "ok"


def test_steps_are_one_percent_and_end_somewhere() -> None:
    assert nudged((56, 50, 56, 50), "left") == (56, 60, 56, 60)
    assert nudged((56, 50, 56, 50), "right") == (56, 40, 56, 40)
    assert nudged((56, 50, 56, 50), "up") == (46, 50, 46, 50)
    assert nudged((95, 50, 5, 50), "down") == (100, 50, 15, 50)
    assert nudged((5, 0, 5, 0), "up") == (0, 0, 0, 0)


def test_it_is_kept_for_the_box(tmp_path: Path) -> None:
    file = tmp_path / "kiosk" / "margin.toml"
    assert fitted(Preferences(), file) == fitted(Preferences(), None) == Preferences()
    keep(file, (10, 20, 30, 40))
    assert fitted(Preferences(language="en"), file) == Preferences(language="en", margin=(10, 20, 30, 40))
    assert [path.name for path in file.parent.iterdir()] == ["margin.toml"]


@pytest.mark.parametrize(
    "text", ["", "margin = 3", "margin = [1, 2, 3]", "margin = [0, 0, 0, 101]", "margin = [1.5, 0, 0, 0]", "\0"]
)
def test_a_damaged_file_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "margin.toml"
    file.write_text(text)
    assert fitted(Preferences(), file) == Preferences()


def test_a_box_that_cannot_keep_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep(tmp_path / "file" / "margin.toml", (0, 0, 0, 0))
