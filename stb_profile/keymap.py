"""Remote control, CEC and keyboard codes -> actions. The tables are data, one file per family in `keymaps/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

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
    """Two ways a key can arrive: as a Qt key, or as an evdev code that Qt has no name for."""

    by_qt_name: dict[str, Action]
    """Name in Qt::Key without `Key_`, e.g. `Up`, `F1`, `Red`."""
    by_evdev: dict[int, Action]
    """Linux input event code (decimal) = native scan code - 8 under X11 and Wayland."""


def load(name: str) -> KeyMap:
    """Read `keymaps/NAME.toml`. Raises ValueError for an unknown action or a key with two meanings."""
    data = tomllib.loads((KEYMAPS / f"{name}.toml").read_text("utf-8"))
    qt: dict[str, Action] = {}
    evdev: dict[int, Action] = {}
    for word, keys in data.items():
        action = Action(word)
        for key in keys.get("qt", ()):
            if qt.setdefault(key, action) is not action:
                raise ValueError(f"{name}: {key} means {qt[key].value} and {word}")
        for code in keys.get("evdev", ()):
            if evdev.setdefault(code, action) is not action:
                raise ValueError(f"{name}: evdev {code} means {evdev[code].value} and {word}")
    return KeyMap(qt, evdev)
