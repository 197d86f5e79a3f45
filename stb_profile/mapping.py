"""Learning a remote control by asking for one key after the other; the result is a file of `keymaps/`'s form."""

from __future__ import annotations

from dataclasses import dataclass

from stb_profile.keymap import Action

NAMES = {
    Action.UP: "上", Action.DOWN: "下", Action.LEFT: "左", Action.RIGHT: "右", Action.OK: "決定", Action.BACK: "戻る",
    Action.BLUE: "青", Action.RED: "赤", Action.GREEN: "緑", Action.YELLOW: "黄",
    **{action: f"数字の{action.digit or '0（10）'}" for action in Action if action.digit is not None},
}  # fmt: skip
"""What is printed on the keys."""

DIGITS = tuple(sorted((action for action in Action if action.digit is not None), key=lambda a: a.digit or 10))
ORDER = (*(action for action in Action if action.digit is None), *DIGITS)
NEEDED = frozenset({Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT, Action.OK})
"""With these everything can be reached; a remote may lack the rest."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it arrived. Exactly one of these names it in a file: the evdev code, the CEC command, the Qt name."""

    evdev: int | None = None
    cec: int | None = None
    qt: str = ""
    scan: int | None = None
    """Scan code of the hardware, for people only."""
    device: str = ""

    @property
    def named(self) -> tuple[str, str] | None:
        """Way and key as a file has them; None for a key of which only a scan code is known."""
        if self.evdev is not None:
            return "evdev", str(self.evdev)
        if self.cec is not None:
            return "cec", f"0x{self.cec:02x}"
        return ("qt", f'"{self.qt}"') if self.qt else None


class Nameless(Exception):
    """Neither the kernel nor Qt has a name for this key, so no map can hold it."""


class Mapping:
    """One pass through ORDER."""

    def __init__(self) -> None:
        self._taken: list[tuple[str, str] | None] = []

    @property
    def asked(self) -> Action | None:
        """Whose key is wanted now; None at the end."""
        return ORDER[len(self._taken)] if len(self._taken) < len(ORDER) else None

    def take(self, key: Key) -> Action | None:
        """Let this key mean what was asked for. Returns the action that it already has; nothing changes then.

        Raises Nameless.
        """
        if key.named is None:
            raise Nameless
        if key.named in self._taken:
            return ORDER[self._taken.index(key.named)]
        self._taken.append(key.named)
        return None

    def skip(self) -> bool:
        """The remote has no such key. False, and asked again, where it cannot be done without."""
        if self.asked in NEEDED:
            return False
        self._taken.append(None)
        return True

    def undo(self) -> None:
        """Ask for the one before again."""
        if self._taken:
            self._taken.pop()

    def toml(self) -> str:
        """The file as far as we are."""
        lines = [
            f"{action.value} = {{ {named[0]} = [{named[1]}] }}"
            for action, named in zip(ORDER, self._taken, strict=False)
            if named is not None
        ]
        return "\n".join(["# A remote control's keys, learned by `madoguchi keys --write`.", *lines, ""])
