"""Every word a person reads, by key, from `assets/words/LANGUAGE.toml`.

QML has no text of its own, and flows name words instead of holding them, so one test sees them all.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
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

    def day(self, day: date) -> str:
        """11月18日(水)."""
        return self("when.day", month=day.month, day=day.day, weekday=self("when.weekdays")[day.weekday()])

    def full_day(self, day: date) -> str:
        """2026年11月18日."""
        return self("when.full_day", year=day.year, month=day.month, day=day.day)

    def time(self, moment: datetime) -> str:
        """午前10時12分, by the clock of the moment's own offset."""
        half = "when.morning" if moment.hour < 12 else "when.afternoon"
        return self(half, hour=moment.hour % 12, minute=moment.minute)

    def clock(self, moment: datetime) -> str:
        """10:12, where room is short."""
        return self("when.clock", hour=moment.hour, minute=moment.minute)

    def moment(self, moment: datetime, zone: tzinfo | None) -> str:
        """11月18日(水) 午前10時12分, by the clock of `zone`."""
        here = moment.astimezone(zone)
        return f"{self.day(here)} {self.time(here)}"


def load(language: str = "ja") -> Words:
    data = tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))
    texts = {f"{section}.{key}": text for section, words in data.items() for key, text in words.items()}
    return Words(language, texts)
