"""Every screen of every flow in every complete language and size: nothing cut, covered or small, readings in place.

Measured without painting, like `test_layout.py`; colours do not depend on words.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from kiosk.words import COMPLETE
from tests.ui import spoken
from tests.ui.conftest import Seat
from tests.ui.scene import TEXT_SCALES
from tests.ui.test_layout import faults

SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
CASES = list(product(("stb", "counter"), COMPLETE, TEXT_SCALES, SIZES))


@pytest.mark.parametrize(("profile", "language", "scale", "lines"), CASES)
def test_every_screen_can_be_read(
    seat: Seat,
    profile: str,
    language: str,
    scale: float,
    lines: str,
    record_property: Callable[[str, object], None],
) -> None:
    person = seat(profile, SIZES[lines], scale, language)
    person.stage.card_inside = True
    screens = spoken.screens(profile)
    record_property("screens", len(screens))
    found = [
        f"{screen.name}: {fault}"
        for screen in screens
        for fault in faults(person, screen, profile == "counter", whole=scale < 1.5)
    ]
    assert not found, "\n".join(found)
