"""What assistive technology is told, in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtGui import QAccessible

from kiosk.screens import Screen
from tests.ui import samples, scene
from tests.ui.conftest import Person

SAMPLES = {screen.name: screen for screen in (*samples.typical(), *samples.extreme())}
CONTROLS = (QAccessible.Role.Button, QAccessible.Role.RadioButton)


@dataclass(frozen=True, slots=True)
class Told:
    """Of one thing on the screen. Copied at once: Qt deletes its interfaces without telling Python."""

    name: str
    role: QAccessible.Role
    focused: bool


def told(person: Person, press: str = "") -> list[Told]:
    """Everything visible; presses the control named `press` on the way."""
    QAccessible.setActive(True)
    found = []

    def note(interface: Any) -> None:
        name = interface.text(QAccessible.Text.Name)
        if name and name == press:
            interface.actionInterface().doAction("Press")
        if not interface.state().invisible:
            found.append(Told(name, interface.role(), bool(interface.state().focused)))

    _visit(QAccessible.queryAccessibleInterface(person.stage.window), note)
    return found


def _visit(interface: Any, note: Callable[[Any], None]) -> None:
    for number in range(interface.childCount()):
        child = interface.child(number)
        note(child)
        _visit(child, note)


def controls(things: list[Told]) -> Iterator[Told]:
    return (thing for thing in things if thing.role in CONTROLS)


@pytest.mark.parametrize("screen", SAMPLES.values(), ids=SAMPLES)
def test_title_and_controls_have_names_and_the_focus_is_told(person: Person, screen: Screen[Any]) -> None:
    person.see(screen)
    things = told(person)
    assert screen.title in [thing.name for thing in things if thing.role == QAccessible.Role.Heading]
    assert all(thing.name for thing in controls(things))
    names = [thing.name for thing in controls(things)]
    for control in scene.pressables(person.stage.window):
        assert control.property("name") in names
    assert sum(thing.focused for thing in controls(things)) == len(scene.focused(person.stage.window))


def test_the_name_of_a_half_says_what_it_is_about(person: Person) -> None:
    person.see(SAMPLES["consent"])
    assert {"薬の情報 はい", "薬の情報 いいえ"} <= {thing.name for thing in told(person)}


def test_assistive_technology_can_press(person: Person) -> None:
    answer = person.ask(SAMPLES["menu_6"])
    told(person, press="手続き")
    person.turn()
    assert answer.result() == "procedures"
