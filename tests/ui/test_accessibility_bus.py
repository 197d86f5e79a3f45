"""The window as assistive technology sees it over AT-SPI: a real X display, real buses, a program of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from tests.ui import at_spi, samples
from tests.ui.at_spi import FOCUSABLE, FOCUSED, VISIBLE, Bus, Thing, Window

pytestmark = pytest.mark.skipif(bool(at_spi.missing()), reason=f"not here: {', '.join(at_spi.missing())}")

SCREENS = ("menu_6", "consent", "list")
TEXTS = {"label", "heading"}
"""Qt lets assistive technology walk through texts as well."""
CONTROLS = {"push button", "button", "radio button", "frame", "window"}
"""The first two are one role, by two generations of its name."""
TITLES = {screen.name: screen.title for screen in samples.typical()}


@pytest.fixture(scope="module")
def seen() -> Iterator[tuple[Window, Bus]]:
    with at_spi.window() as both:
        yield both


def settled(bus: Bus, come: Callable[[list[Thing]], bool]) -> list[Thing]:
    """The tree, once the window has told the bus what is new."""
    deadline = monotonic() + 5
    while not come(things := [thing for thing in bus.things() if thing.has(VISIBLE)]):
        assert monotonic() < deadline, things
    return things


def focused(things: list[Thing]) -> list[str]:
    return [thing.name for thing in things if thing.has(FOCUSED) and thing.has(FOCUSABLE)]


@pytest.mark.parametrize("name", SCREENS)
def test_whatever_takes_focus_has_name_and_role_and_the_one_that_has_it_is_told(
    seen: tuple[Window, Bus], name: str
) -> None:
    window, bus = seen
    window.show(name)
    things = settled(bus, lambda things: len(focused(things)) == 1)
    assert TITLES[name] in [thing.name for thing in things if thing.role == "heading"]
    controls = [thing for thing in things if thing.has(FOCUSABLE) and thing.role not in TEXTS]
    assert len(controls) > 1
    assert {thing.role for thing in controls} <= CONTROLS
    assert all(thing.name for thing in controls)


def test_focus_that_moves_is_told(seen: tuple[Window, Bus]) -> None:
    window, bus = seen
    window.show("menu_6")
    before = focused(settled(bus, lambda things: len(focused(things)) == 1))
    window.press("Right")
    settled(bus, lambda things: len(focused(things)) == 1 and focused(things) != before)


def test_the_voice_has_a_button(seen: tuple[Window, Bus]) -> None:
    window, bus = seen
    window.show("detail_letter")
    things = settled(bus, lambda things: len(focused(things)) == 1)
    assert [thing for thing in things if thing.name == "よみあげ" and thing.has(FOCUSABLE)]


def test_typing_a_pin_tells_nothing(seen: tuple[Window, Bus]) -> None:
    window, bus = seen
    window.show("pin")
    title = TITLES["pin"]
    before = settled(bus, lambda things: title in [thing.name for thing in things])
    window.press("9", "7", "8")
    after = [thing for thing in bus.things() if thing.has(VISIBLE)]
    window.press("6", "Return")
    window.answered()
    assert after == before
    assert not [thing for thing in after if set("978") & set(thing.name + thing.description)]
