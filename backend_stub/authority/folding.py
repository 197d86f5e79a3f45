"""Folding: one name or address, however it is written, becomes one text. For comparison alone, never shown."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Final
from unicodedata import normalize

import msgspec

from backend_client.wire import FourItems

VARIANTS = Path(__file__).with_name("variants.toml")
_HYPHEN: Final = dict.fromkeys(map(ord, "‐‑‒–—―−─━ー~〜～"), "-")
_NOT_WRITTEN: Final = re.compile(r"[\s\u200b\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
"""Spaces, and the selectors that shape the character before them."""
_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}


class _Variants(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: str
    rows: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    variant: tuple[_Variants, ...]


def read_variants(path: Path = VARIANTS) -> dict[str, str]:
    """Every variant and what it is folded into. Raises ValueError when a character stands in two rows."""
    rows = [row for group in msgspec.toml.decode(path.read_bytes(), type=_File).variant for row in group.rows]
    characters = "".join(rows)
    if len(set(characters)) != len(characters):
        raise ValueError("a character stands in two rows")
    return {variant: row[0] for row in rows for variant in row[1:]}


_TABLE: Final = str.maketrans(read_variants())
_RULES: Final = b"1"
"""Goes up when the steps below change."""
EDITION: Final = sha256(_RULES + VARIANTS.read_bytes()).hexdigest()[:16]
"""Of rules and table: what was folded by another must be folded again."""


def fold(text: str) -> str:
    """Fold widths, spaces, hyphens, kana, capitals and variants of characters."""
    once = ""
    while text != once:  # a step can make work for one before it, such as a mark whose space was taken away
        once, text = text, _step(text)
    return text


def _step(text: str) -> str:
    text = _NOT_WRITTEN.sub("", normalize("NFKC", _NOT_WRITTEN.sub("", text)).upper())
    return text.translate(_HIRAGANA).translate(_TABLE).translate(_HYPHEN)


def folded(items: FourItems) -> bytes:
    """One text for all ways to write these items; no other items have it."""
    parts = [fold(items.name), fold(items.address), items.birth_date.isoformat(), items.sex]
    return msgspec.json.encode(parts)
