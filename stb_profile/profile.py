"""A profile: what makes a kiosk a television, a counter or a hospital desk. One TOML file each in `profiles/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROFILES = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """All of one profile; a missing or unknown key in the file is an error that names it."""

    name: str
    entry: str
    """The flow a visit begins with: `my_portal` or `hospital`."""
    menu: tuple[str, ...]
    """Flows on offer at home, in order, and groups of them."""
    theme: str
    """`dark` or `light`."""
    pointer: bool
    """Touch or mouse as well as keys; also offers an on-screen PIN pad."""
    keymap: str
    """Name of the key map file in `keymaps/`."""
    body_px: int
    """Body text at 1080p; everything else scales from it."""
    idle_s: int
    """Without a key for so long comes the warning."""
    warning_s: int
    pin_idle_s: int
    farewell_s: int
    """How long the closing screen stays after the card was taken."""
    place: str
    """This kiosk's name for people, e.g. このテレビ."""
    facility: str = ""
    facility_code: str = ""
    """Ten digits, as in the practice's files."""
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Flows that share one place of the menu, by the name they have there."""
    preferences: dict[str, Any] = field(default_factory=dict)
    """What a visit begins with: language, size, theme, voice ...; see kiosk/preferences.py."""

    def offers(self, item: str) -> bool:
        """Whether a flow is on the menu, by itself or in a group that is."""
        return any(item == place or item in self.groups.get(place, ()) for place in self.menu)


def load(name: str) -> Profile:
    """Read `profiles/NAME.toml`. Raises FileNotFoundError with the names there are, ValueError for a wrong key."""
    path = PROFILES / f"{name}.toml"
    if not path.is_file():
        raise FileNotFoundError(f"no profile {name}; there are {', '.join(names())}")
    data = tomllib.loads(path.read_text("utf-8"))
    try:
        groups = {group: tuple(items) for group, items in data.get("groups", {}).items()}
        return Profile(name=name, **{**data, "menu": tuple(data.get("menu", ())), "groups": groups})
    except TypeError as exc:
        raise ValueError(f"{path.name}: {exc}") from exc


def names() -> list[str]:
    return sorted(path.stem for path in PROFILES.glob("*.toml"))
