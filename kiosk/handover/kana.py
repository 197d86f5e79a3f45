"""Readings in half-width kana, as the file exchange has them."""

from __future__ import annotations

import unicodedata
from functools import cache

MARKS = "ﾞﾟ"
UNKNOWN = "●"


def half_width(reading: str) -> str:
    """Write a reading in half-width kana and ASCII; what has no half-width form becomes ●."""
    plain = unicodedata.normalize("NFKC", reading)
    return "".join(_table().get(one, one if " " <= one <= "~" else UNKNOWN) for one in plain)


@cache
def _table() -> dict[str, str]:
    """Full width to half width: whatever NFKC makes of a half-width character, alone or with a voice mark."""
    single = [chr(code) for code in range(0xFF61, 0xFF9E)]
    pairs = [one + mark for one in single for mark in MARKS]
    table = {unicodedata.normalize("NFKC", half): half for half in (*pairs, *single)}
    hiragana = {chr(ord(full) - 0x60): half for full, half in table.items() if len(full) == 1 and "ァ" <= full <= "ヴ"}
    return {full: half for full, half in (hiragana | table).items() if len(full) == 1}
