"""The tokens: text colours on their own surface, the ring on every ground, sizes by window, profile and text size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtQml import QQmlEngine, QQmlExpression

from kiosk.preferences import Theme
from kiosk.stage_data import UI
from tests.ui import scene
from tests.ui.conftest import Person, Seat
from tests.ui.scene import contrast

TEXT = ("text", "quiet", "accent", "good", "care", "bad")
AAA, PARTS = 7.0, 3.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """The theme as QML sees it."""

    person: Person

    @classmethod
    def of(cls, person: Person, theme: Theme) -> Tokens:
        person.stage.apply(replace(person.stage.preferences, theme=theme), person.stage._words)
        return cls(person)

    def __call__(self, path: str) -> Any:
        window = self.person.stage.window
        value, _ = QQmlExpression(QQmlEngine.contextForObject(window), window, f"Theme.{path}").evaluate()
        return value

    def tones(self) -> list[str]:
        theme = self.person.stage._frame.engine.singletonInstance("theme", "Theme")
        with scene.description(theme) as kind:
            properties = [kind.property(number) for number in range(kind.propertyCount())]
            return [found.name() for found in properties if found.typeName().startswith("Tone")]


@pytest.mark.parametrize("theme", Theme)
def test_every_text_colour_on_its_surface(person: Person, theme: Theme) -> None:
    token = Tokens.of(person, theme)
    assert {"ground", "card", "focused", "button", "chip", "badge", "chosen"} <= set(token.tones())
    low = [
        f"{tone}.{role} {ratio:.1f}"
        for tone in token.tones()
        for role in TEXT
        if (ratio := contrast(token(f"{tone}.{role}"), token(f"{tone}.fill"))) < AAA
    ]
    assert not low


@pytest.mark.parametrize("theme", Theme)
def test_the_ring_and_the_edges_of_controls_stand_out(person: Person, theme: Theme) -> None:
    token = Tokens.of(person, theme)
    for tone in ("ground", "card"):
        ground = token(f"{tone}.fill")
        assert max(contrast(token("ring"), ground), contrast(token("ringInner"), ground)) >= PARTS
        for part in ("active", "pinFrame", "signFrame"):
            assert contrast(token(part), ground) >= PARTS, part
    assert contrast(token("ring"), token("ringInner")) >= PARTS
    for tone in ("ground", "card", "button"):
        assert contrast(token(f"{tone}.line"), token("ground.fill")) >= PARTS, tone


@pytest.mark.parametrize(
    ("profile", "size", "scale", "caption", "body"),
    [
        ("stb", (1920, 1080), 1.0, 32, 40),
        ("stb", (1280, 720), 1.0, 21, 27),
        ("stb", (3840, 2160), 1.0, 64, 80),
        ("stb", (1920, 1080), 2.0, 64, 80),
        ("counter", (1920, 1080), 1.0, 27, 34),
        ("stb", (1600, 1200), 1.0, 27, 33),
    ],
)
def test_sizes(seat: Seat, profile: str, size: tuple[int, int], scale: float, caption: int, body: int) -> None:
    token = Tokens(seat(profile, size, scale))
    assert (token("caption"), token("body")) == (caption, body)


def test_only_the_theme_names_colours() -> None:
    painters = [path for path in UI.rglob("*.qml") if path.parent.name != "theme" and path.name != "NoFont.qml"]
    assert len(painters) > 30
    assert [path.name for path in painters if '"#' in path.read_text("utf-8")] == []


def test_qml_says_nothing_by_itself() -> None:
    """Letters come from the words; QML itself has marks only."""
    for path in UI.rglob("*.qml"):
        assert not [letter for letter in scene.code(path) if "ぁ" <= letter <= "龥" and letter not in "　"], path.name
