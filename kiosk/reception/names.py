"""Names as insurers send them: ● for what is outside their set, variants folded, some characters that bounce later.

Source: ux reference, section 4.1.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SUBSTITUTE = "●"
FOLDED = str.maketrans("髙﨑𠮷邉邊渡濵濱德槗𣘺栁栃齋齊斎", "高崎吉辺辺渡浜浜徳橋橋柳栃斉斉斉")
"""Variants that insurers replace, one for one."""
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A ● in a name."""

    place: int
    """Which character of the name, from 0."""
    reading: str
    """Of the part of the name that it stands in; of the whole name where the parts do not match."""


def hidden(name: str, kana: str) -> tuple[Hidden, ...]:
    """Explain every ● by its reading."""
    names, readings = _SPACES.split(name), _SPACES.split(kana)
    found, place = [], 0
    for number, part in enumerate(names):
        reading = readings[number] if len(readings) == len(names) else kana
        found += [Hidden(place + at, reading) for at, one in enumerate(part) if one == SUBSTITUTE]
        place += len(part) + 1
    return tuple(found)


def outside_set(name: str) -> tuple[str, ...]:
    """Characters of JIS level 3 and above, which come through here and bounce in claims; in their order."""
    return tuple(one for one in _SELECTORS.sub("", name) if not _in_two_levels(one))


def same_name(one: str, other: str) -> bool:
    """Compare as insurers fold; a ● is any one character."""
    folded, against = _folded(one), _folded(other)
    return len(folded) == len(against) and all(
        a == b or SUBSTITUTE in (a, b) for a, b in zip(folded, against, strict=True)
    )


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", name)).translate(FOLDED)
    return _SPACES.sub("", plain)


def _in_two_levels(character: str) -> bool:
    """JIS X 0208: what the plain codec of Shift_JIS has, but no half-width kana."""
    try:
        return len(character.encode("shift_jis")) == 2 or character.isascii()
    except UnicodeEncodeError:
        return False
