"""How a benchmark speaks: one JSON object a line, a value beside the floor measured in the same run."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence


def report(name: str, value: float, floor: float, goal: float, **more: object) -> bool:
    """`ratio` is value / floor, `goal` the highest ratio that is good. Returns whether it was met."""
    ratio = value / floor
    ok = ratio <= goal
    _say(name=name, value=round(value, 3), floor=round(floor, 3), ratio=round(ratio, 3), goal=goal, ok=ok, **more)
    return ok


def at_least(name: str, value: float, floor: float, goal: float, also: float | None = None, **more: object) -> bool:
    """As `report`, where more is better: `goal` is the lowest good ratio; `also` is a second one that must meet it."""
    ratio = value / floor
    ok = ratio >= goal and (also is None or also >= goal)
    _say(name=name, value=round(value, 3), floor=round(floor, 3), ratio=round(ratio, 3), goal=goal, ok=ok, **more)
    return ok


def count(name: str, value: float, goal: float) -> bool:
    """A plain number with a highest good value and nothing to hold it against: its floor is null."""
    ok = value <= goal
    _say(name=name, value=value, floor=None, ratio=None, goal=goal, ok=ok)
    return ok


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _say(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields, ensure_ascii=False) + "\n")
    sys.stdout.flush()
