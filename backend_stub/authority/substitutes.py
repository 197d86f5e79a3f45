"""代替文字: what stands in a certificate for a character it cannot carry, and where.

Public is that a string of 0 and 1, as long as the name, says which characters are substitutes (card reference, section
6.2). Which characters need one is inferred here: those outside JIS X 0208, levels 1 and 2. So are the substitutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_KIN: Final = {"髙": "高", "﨑": "崎", "𠮷": "吉", "𡈽": "土"}
"""The character of levels 1 and 2 that people write for it."""
_NO_KIN: Final = "〓"
"""The printers' mark for a missing type."""


@dataclass(frozen=True, slots=True)
class Substituted:
    """A text that certificates can carry."""

    text: str
    places: str
    """As long as the text: 1 where a substitute stands."""


def substituted(text: str) -> Substituted:
    """Put a substitute for every character that needs one. A variation selector goes with the character it shapes."""
    carried: list[tuple[str, str]] = []
    for char in text:
        if _is_selector(char) and carried:
            carried[-1] = (carried[-1][0], "1")
        elif _fits(char):
            carried.append((char, "0"))
        else:
            carried.append((_KIN.get(char, _NO_KIN), "1"))
    return Substituted("".join(char for char, _ in carried), "".join(place for _, place in carried))


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _fits(char: str) -> bool:
    try:
        char.encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return True
