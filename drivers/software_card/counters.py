"""How many tries each secret of a card has left: the only thing a card remembers without power."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from drivers.software_card.durable import write_durably

Keep = Callable[[Mapping[str, int]], None]


class Counters:
    """Tries left by name. A change is kept before it is true: when keeping fails (OSError), nothing has changed."""

    def __init__(self, maximum: Mapping[str, int], left: Mapping[str, int], keep: Keep = lambda left: None) -> None:
        self._maximum = dict(maximum)
        self._left = dict(left)
        self._keep = keep

    def left(self, name: str) -> int:
        return self._left[name]

    def all_left(self) -> dict[str, int]:
        return dict(self._left)

    def spend(self, name: str) -> int:
        """Use one try; return how many are left. Raises OSError when that could not be kept."""
        self._set(name, self._left[name] - 1)
        return self._left[name]

    def restore(self, name: str) -> None:
        """Back to the maximum. Raises OSError when that could not be kept."""
        self._set(name, self._maximum[name])

    def _set(self, name: str, tries: int) -> None:
        if tries == self._left[name]:
            return  # nothing to keep: the right PIN at full tries costs no write
        changed = self._left | {name: tries}
        self._keep(changed)
        self._left = changed


def counters_on_disk(path: Path, maximum: Mapping[str, int]) -> Counters:
    """Counters that survive power-off and a killed process.

    Raises OSError, or ValueError when the file is not what `keep_counters` wrote.
    """
    left = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    if left.keys() != maximum.keys() or not all(0 <= left[name] <= maximum[name] for name in left):
        raise ValueError(f"{path.name} does not fit the card")
    return Counters(maximum, left, lambda changed: keep_counters(path, changed))


def keep_counters(path: Path, left: Mapping[str, int]) -> None:
    """Write the counters so that they are on the disk, whole, when this returns."""
    write_durably(path, msgspec.json.encode(left))
