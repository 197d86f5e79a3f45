"""This box's own safe area, in one small file: what its television cuts off. Nothing about a person."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import replace
from pathlib import Path

from kiosk.preferences import MARGIN_MOST, Preferences

Margin = tuple[int, int, int, int]


def fitted(preferences: Preferences, file: Path | None) -> Preferences:
    """With the margin that was kept for this box; as they are where none was, or where the file is damaged."""
    margin = _read(file)
    return preferences if margin is None else replace(preferences, margin=margin)


def keep(file: Path, margin: Margin) -> None:
    """Write it whole or not at all. On a box that cannot keep anything it holds for this visit only."""
    beside = file.with_suffix(".new")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(f"margin = {list(margin)}\n", "utf-8")
        beside.replace(file)


def _read(file: Path | None) -> Margin | None:
    try:
        text = "" if file is None else file.read_text("utf-8")
        margin = tomllib.loads(text).get("margin")
    except (OSError, ValueError):
        return None
    if not isinstance(margin, list) or len(margin) != 4:
        return None
    if any(type(side) is not int or not 0 <= side <= MARGIN_MOST for side in margin):
        return None
    top, right, bottom, left = margin
    return top, right, bottom, left
