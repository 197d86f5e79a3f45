"""Every word a person reads, by key, from `assets/words/LANGUAGE.toml`.

QML has no text of its own, and flows name words instead of holding them, so one test sees them all.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).parent.parent / "assets" / "words"


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Keys are `section.word`; `{name}` parts are filled in by keyword."""

    language: str
    texts: dict[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """The text for `key`. Raises KeyError for an unknown key or a missing part."""
        return self.texts[key].format_map(parts)

    def lines(self, key: str, **parts: object) -> tuple[str, ...]:
        """A text of several lines."""
        return tuple(self(key, **parts).splitlines())


def load(language: str = "ja") -> Words:
    data = tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))
    texts = {f"{section}.{key}": text for section, words in data.items() for key, text in words.items()}
    return Words(language, texts)
