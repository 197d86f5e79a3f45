"""The patient's window after another patient: nothing of the first is in any item, or told to assistive technology."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtQuick import QQuickItem

from tests.soak.patients import marks, seen_in
from tests.ui.conftest import Person, Seat
from tests.ui.test_accessibility import told


def in_scene(person: Person) -> str:
    """All that any item holds, seen or not, and all that assistive technology is told."""
    held = (str(item.property("text") or "") for item in every(person.stage.window.contentItem()))
    return "\n".join((*held, *(thing.name for thing in told(person))))


def every(item: QQuickItem) -> Iterator[QQuickItem]:
    for child in item.childItems():
        yield child
        yield from every(child)


@pytest.mark.parametrize("order", range(4))
def test_nothing_of_the_first_is_in_the_scene_of_the_second(seat: Seat, order: int) -> None:
    person = seat("hospital")
    met: set[str] = set()
    served = 1
    for screen in seen_in(order):
        person.see(screen)
        scene = in_scene(person)
        if served == 1:
            met |= {mark for mark in marks("hanako") if mark in scene}
        else:
            assert not [mark for mark in marks("hanako") if mark in scene], screen.name
        if screen.name == "cleared":
            person.stage.wipe()
            served += 1
    assert served == 3
    assert met, "the first was never shown"
