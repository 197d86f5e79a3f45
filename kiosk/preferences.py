"""How a person wants the screen: language, letters, colours, voice, and whether somebody looks on.

A visit begins with the box's own, `[preferences]` of its profile, and nothing of a person's choice outlives the visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, TypeVar

E = TypeVar("E", bound=Enum)
S = TypeVar("S", float, int)


class Size(Enum):
    """文字の大きさ."""

    STANDARD = "standard"
    LARGE = "large"
    VERY_LARGE = "very_large"

    @property
    def scale(self) -> float:
        """How much larger than standard the body text is."""
        return SCALES[self]


SCALES = {Size.STANDARD: 1.0, Size.LARGE: 1.4, Size.VERY_LARGE: 2.4}
"""40, 56 and 96 px at 1080p. Source: ux reference, section 2.2."""


class Theme(Enum):
    """Colours."""

    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"


class Company(Enum):
    """だれかといっしょ: together, what is private is hidden until asked for."""

    ALONE = "alone"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's, for one visit."""

    language: str = "ja"
    """File name in `assets/words`."""
    size: Size = Size.STANDARD
    theme: Theme = Theme.DARK
    company: Company = Company.ALONE
    voice: bool = False
    voice_speed: float = 1.0
    volume: int = 50
    """Percent."""
    margin: tuple[int, int, int, int] = (56, 50, 56, 50)
    """Safe area: top, right, bottom, left, in 1/10 % of the height or width."""


KINDS: dict[str, type[Enum]] = {"size": Size, "theme": Theme, "company": Company}


def of_box(theme: str, chosen: Mapping[str, Any]) -> Preferences:
    """A box's own: the profile's theme, and its table `[preferences]` (same names, enums by value).

    Raises ValueError for a name or value there is not.
    """
    if unknown := set(chosen) - {field.name for field in fields(Preferences)}:
        raise ValueError(f"no such preference: {', '.join(sorted(unknown))}")
    values = {"theme": theme, **chosen}
    values |= {name: kind(values[name]) for name, kind in KINDS.items() if name in values}
    if "margin" in values:
        values["margin"] = tuple(values["margin"])
    return Preferences(**values)


MARGIN_STEP, MARGIN_MOST = 10, 100
"""Of the safe area, in 1/10 %."""


def nudged(margin: tuple[int, int, int, int], direction: str) -> tuple[int, int, int, int]:
    """A step wider by `right`, narrower by `left`, taller by `up`, lower by `down`; two sides at a time."""
    top, right, bottom, left = margin
    step = MARGIN_STEP if direction in ("left", "down") else -MARGIN_STEP
    if direction in ("left", "right"):
        return top, _kept(right + step), bottom, _kept(left + step)
    return _kept(top + step), right, _kept(bottom + step), left


def _kept(margin: int) -> int:
    return min(max(margin, 0), MARGIN_MOST)


SPEEDS = {"normal": 1.0, "fast": 1.3, "slow": 0.75}
"""よみあげの速さ, by name, in the order they are offered; 1.0 is the engine's own."""
VOLUMES = {"normal": 50, "loud": 100, "soft": 25}
"""よみあげの音量 in percent of the loudest."""


def step_of(value: float, steps: Mapping[str, float]) -> str:
    """Name of the step nearest to `value`: a box may be set up in between."""
    return min(steps, key=lambda name: abs(steps[name] - value))


def after(value: float, steps: Mapping[str, S]) -> S:
    """The next step's value, and the first again after the last."""
    names = list(steps)
    return steps[names[(names.index(step_of(value, steps)) + 1) % len(names)]]


def following(value: E) -> E:
    """The next one, and the first again after the last."""
    every = list(type(value))
    return every[(every.index(value) + 1) % len(every)]
