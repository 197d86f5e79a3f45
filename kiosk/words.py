"""Every word a person reads, by key, from `assets/words/LANGUAGE.toml`.

QML has no text of its own, and flows name words instead of holding them, so one test sees them all. What is said is a
`Text`, which remembers what it says and not only how: the stage can say it again in another language.
"""

from __future__ import annotations

import dataclasses
import operator
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

T = TypeVar("T")

WORDS = Path(__file__).parent.parent / "assets" / "words"
FALLBACK = "en"
"""What a language says for a key that it does not have yet."""
COMPLETE = ("ja", "ja_easy", FALLBACK)
"""Have every key, so that they are loaded alone."""

BASE, READING, END = "\ufff9", "\ufffa", "\ufffb"
"""Unicode's marks for a reading above a word (interlinear annotation). The files write ｛漢字｜かんじ｝ for them."""
MARKS = dict.fromkeys(map(ord, (BASE, READING, END)))
HEADER = re.compile(r"^\[([^\]\n]+)\]$", re.MULTILINE)
IN_FILES = re.compile("｛([^｛｜｝]+)｜([^｛｜｝]+)｝")
MARKED = re.compile(f"{BASE}([^{READING}]*){READING}([^{END}]*){END}")


class Text(str):
    """What was said, with its key and parts, so that `retold` can say the same in another language."""

    __slots__ = ("key", "language", "line", "parts")

    language: str
    key: str
    parts: Mapping[str, object]
    line: int
    """Number of this line where the words have several, else -1."""

    def __new__(cls, said: str, language: str, key: str, parts: Mapping[str, object], line: int = -1) -> Text:
        text = super().__new__(cls, said)
        text.language, text.key, text.parts, text.line = language, key, parts, line
        return text

    def retold(self, words: Words) -> Text:
        """The same in the language of `words`. Of several lines retell the whole tuple instead: `retold`."""
        return self if self.language == words.language else words(self.key, **self.parts)


class Private(str):
    """What others wrote and only the person may see: a letter, an amount, a diagnosis.

    Whatever is said with it as a part is private too. The stage hides both while somebody looks on.
    """

    __slots__ = ()


WHOLE = "whole"
"""Part of a Text that is private as a whole: what is private in it is no string, or not one part alone."""


def private(text: Text) -> Text:
    """The same, private as a whole."""
    return Text(text, text.language, text.key, {**text.parts, WHOLE: Private()}, text.line)


def is_private(text: str) -> bool:
    """Whether it is, or is said with, something private."""
    if isinstance(text, Text):
        return any(isinstance(part, str) and is_private(part) for part in text.parts.values())
    return isinstance(text, Private)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One language. Keys are `section.word`; `{name}` parts are filled in by keyword.

    Parts that are Texts are said in this language too; other strings are somebody's own words and stay.
    """

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> Text:
        """The text for `key`. Raises KeyError for an unknown key or a missing part."""
        return Text(self._said(key, parts), self.language, key, parts)

    def lines(self, key: str, **parts: object) -> tuple[Text, ...]:
        """A text of several lines; how many there are is up to the language."""
        lines = self._said(key, parts).splitlines()
        return tuple(Text(line, self.language, key, parts, number) for number, line in enumerate(lines))

    def _said(self, key: str, parts: Mapping[str, object]) -> str:
        fields = {name: self._part(part) for name, part in parts.items()}
        if isinstance(at := parts.get("at"), date):
            fields.update(self._calendar(at))
        return self._pattern(key, parts).format_map(fields)

    def _pattern(self, key: str, parts: Mapping[str, object]) -> str:
        """Languages that count one thing differently have `KEY_one`, for when the first number of the parts is 1."""
        numbers = (part for part in parts.values() if isinstance(part, int))
        if next(numbers, None) == 1 and f"{key}_one" in self.texts:
            return self.texts[f"{key}_one"]
        return self.texts[key]

    def _part(self, part: object) -> object:
        if isinstance(part, Text):
            return part.retold(self)
        return part.translate(MARKS) if isinstance(part, str) else part

    # --- days and times -----------------------------------------------------------------------------------------------

    def _calendar(self, at: date) -> dict[str, object]:
        names = {
            "month_name": self.texts["when.months"].split()[at.month - 1],
            "weekday": self.texts["when.weekdays"].split()[at.weekday()],
        }
        fields: dict[str, object] = {**names, "year": at.year, "month": at.month, "day": at.day}
        if isinstance(at, datetime):
            fields |= {"hour": at.hour, "hour_0": at.hour % 12, "hour_12": at.hour % 12 or 12, "minute": at.minute}
        return fields

    def day(self, day: date) -> Text:
        """11月18日(水)."""
        return self("when.day", at=day)

    def full_day(self, day: date) -> Text:
        """2026年11月18日."""
        return self("when.full_day", at=day)

    def time(self, moment: datetime) -> Text:
        """午前10時12分, by the clock of the moment's own offset."""
        return self("when.morning" if moment.hour < 12 else "when.afternoon", at=moment)

    def clock(self, moment: datetime) -> Text:
        """10:12, where room is short."""
        return self("when.clock", at=moment)

    def moment(self, moment: datetime, zone: tzinfo | None) -> Text:
        """11月18日(水) 午前10時12分, by the clock of `zone`."""
        here = moment.astimezone(zone)
        return self("when.moment", day=self.day(here), time=self.time(here))


# --- retelling --------------------------------------------------------------------------------------------------------


def retold(value: T, words: Words) -> T:
    """A screen, or any part of one, with every Text in it said in the language of `words`. Anything else stays."""
    return cast(T, _retold(value, words))


def _retold(value: Any, words: Words) -> Any:
    if isinstance(value, Text):
        return value.retold(words)
    if isinstance(value, tuple):
        parts = tuple(_retold_each(value, words))
        return parts if len(parts) != len(value) or any(map(operator.is_not, parts, value)) else value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _retold_fields(value, words)
    return value


def _retold_fields(value: Any, words: Words) -> Any:
    """The same object where nothing is to be said anew: of a long list no second one is made, and let go later."""
    changed = {}
    for field in dataclasses.fields(value):
        before = getattr(value, field.name)
        after = _retold(before, words)
        if after is not before:
            changed[field.name] = after
    return dataclasses.replace(value, **changed) if changed else value


def _retold_each(values: tuple[Any, ...], words: Words) -> Iterator[Any]:
    """The first of several lines stands for all of them: another language may have more, or fewer."""
    for value in values:
        if not isinstance(value, Text) or value.line < 0 or value.language == words.language:
            yield _retold(value, words)
        elif value.line == 0:
            yield from words.lines(value.key, **value.parts)


# --- readings ---------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Without readings."""
    return MARKED.sub(r"\1", text)


def read_aloud(text: str) -> str:
    """With each reading in the place of its word: what a voice says."""
    return MARKED.sub(r"\2", text)


def readings(text: str) -> list[dict[str, Any]]:
    """Where in `plain(text)` a reading stands above: `at` and `length` in characters, and the `reading`."""
    found, shift = [], 0
    for match in MARKED.finditer(text):
        base, reading = match.groups()
        found.append({"at": match.start() - shift, "length": len(base), "reading": reading})
        shift += len(match[0]) - len(base)
    return found


# --- files ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Language:
    """A language on offer. `file` is its name in `assets/words`, `name` what its speakers call it."""

    file: str
    name: str
    font: str
    """Family that has all its letters."""
    package: str
    """Debian package of the font."""


@cache
def languages() -> tuple[Language, ...]:
    """Every language there is a file for, in the order they are offered. Opens none of the files."""
    data = tomllib.loads((WORDS / "languages.toml").read_text("utf-8"))
    return tuple(Language(file, **about) for file, about in data.items())


def own(language: str) -> dict[str, str]:
    """Its own texts by key, nothing from another language. Raises FileNotFoundError."""
    data = tomllib.loads((WORDS / f"{language}.toml").read_text("utf-8"))
    return {f"{section}.{key}": text for section, words in data.items() for key, text in words.items()}


@cache
def load(language: str = "ja") -> Words:
    """A language; what it does not say yet is said in FALLBACK. Raises FileNotFoundError."""
    if language in COMPLETE:
        return Words(language, _Sections((WORDS / f"{language}.toml").read_text("utf-8")))
    return Words(language, _marked(own(FALLBACK) | own(language)))


def _marked(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: IN_FILES.sub(rf"{BASE}\1{READING}\2{END}", text) for key, text in texts.items()}


class _Sections(Mapping[str, str]):
    """A language's texts by key. A section is parsed once one of its texts is wanted: the first picture takes few."""

    def __init__(self, content: str) -> None:
        _, *parts = HEADER.split(content)
        self._unread = dict(zip(parts[::2], parts[1::2], strict=True))
        self._texts: dict[str, str] = {}

    def __getitem__(self, key: str) -> str:
        self._read(key.partition(".")[0])
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        for section in tuple(self._unread):
            self._read(section)
        return iter(self._texts)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read(self, section: str) -> None:
        content = self._unread.pop(section, None)
        if content is not None:
            self._texts |= _marked({f"{section}.{key}": text for key, text in tomllib.loads(content).items()})
