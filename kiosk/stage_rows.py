"""Of a list only the rows near the person's place are handed to QML: ten thousand cost no more than ten. No Qt here."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from kiosk.screens import ItemList, Screen

S = TypeVar("S", bound=Screen[Any])

PORTION = 60
"""Rows at hand. A multiple, as the row is where they begin, of what a page holds (one, two or three rows)."""
STEP = 6


def near(screen: S, key: str) -> S:
    """A list with only the rows around `key`, or with the first ones when there is none; anything else as it is."""
    if not isinstance(screen, ItemList) or len(screen.rows) <= PORTION:
        return screen
    first = _first(screen, key)
    return dataclasses.replace(screen, rows=screen.rows[first : first + PORTION])


def with_portion(data: dict[str, Any], screen: Screen[Any], key: str) -> dict[str, Any]:
    """The data of `near(screen, key)` for QML, its rows with their place among all rows of `screen`."""
    if isinstance(screen, ItemList):
        rows = data.pop("rows")
        data["portion"] = {"first": _first(screen, key), "count": len(screen.rows), "entries": rows}
        data["preview"] = any(row.facts for row in screen.rows)
    return data


def _first(screen: ItemList, key: str) -> int:
    if len(screen.rows) <= PORTION:
        return 0
    place = next((index for index, row in enumerate(screen.rows) if row.key == key), 0)
    return max(0, place - PORTION // 2) // STEP * STEP
