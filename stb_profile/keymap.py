"""Remote control, CEC and keyboard codes -> actions. The tables are data, one file per family in `keymaps/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

KEYMAPS = Path(__file__).parent / "keymaps"


class Action(Enum):
    """What a key means to the kiosk."""

    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    OK = "ok"
    BACK = "back"
    BLUE = "blue"
    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"

    @property
    def digit(self) -> int | None:
        return int(self.value) if self.value.isdigit() else None

    @property
    def repeats(self) -> bool:
        """Whether holding the key down goes on acting: arrows only, so that a held OK never answers twice."""
        return self in (Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT)


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The ways a key can arrive, and what it means in each."""

    by_qt_name: dict[str, Action]
    """Name in Qt::Key without `Key_`, e.g. `Up`, `F1`, `Red`."""
    by_evdev: dict[int, Action]
    """Linux input event code (decimal) = native scan code - 8 under X11 and Wayland."""
    by_cec: dict[int, Action] = field(default_factory=dict)
    """HDMI-CEC UI command, for those that the kernel has no key for."""
    by_arib: dict[int, Action] = field(default_factory=dict)
    """BML key code of ARIB TR-B14, for a box whose own software hands them over."""
    own: frozenset[int] = frozenset()
    """Those evdev codes that the box's own file gives: they count even where Qt has another name for the key."""


def load(name: str, own: Path | None = None) -> KeyMap:
    """Read `keymaps/NAME.toml` and what it includes; `own`, a file of the same form, has the last word on its keys.

    Raises OSError for a file that is not there, ValueError for an unknown action or a key with two meanings.
    """
    keymap = _merged(name, [KEYMAPS / f"{each}.toml" for each in _included(name)])
    if own is None:
        return keymap
    mine = _merged(own.name, [own])
    both: dict[str, Any] = {way: getattr(keymap, way) | getattr(mine, way) for way in WAYS.values()}
    return KeyMap(**both, own=frozenset(mine.by_evdev))


WAYS = {"qt": "by_qt_name", "evdev": "by_evdev", "cec": "by_cec", "arib": "by_arib"}
"""The words of the files, and where they go in a KeyMap."""


def _included(name: str) -> list[str]:
    return [*_read(KEYMAPS / f"{name}.toml").get("include", ()), name]


def _merged(name: str, files: list[Path]) -> KeyMap:
    found: dict[str, dict[Any, Action]] = {way: {} for way in WAYS}
    for file in files:
        for word, ways in _read(file).items():
            if word != "include":
                _add(found, name, Action(word), ways)
    return KeyMap(**{WAYS[way]: keys for way, keys in found.items()})  # type: ignore[arg-type]  # not the field `own`


def _add(found: dict[str, dict[Any, Action]], name: str, action: Action, ways: dict[str, list[Any]]) -> None:
    for way, keys in ways.items():
        if way not in WAYS:
            raise ValueError(f"{name}: {way} is none of {', '.join(WAYS)}")
        for key in keys:
            if found[way].setdefault(key, action) is not action:
                raise ValueError(f"{name}: {way} {key} means {found[way][key].value} and {action.value}")


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))
