"""All languages together: the same keys, the same parts, lines that fit, and what is still missing where."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter

import pytest

from kiosk import words
from kiosk.words import COMPLETE, plain
from tests.unit.test_words import WIDER, WIDEST, width

JA = words.own("ja")
FILES = [language.file for language in words.languages()]
INCOMPLETE = [file for file in FILES if file not in COMPLETE]

SAME = {"tenths": "percent", "month_name": "month", "hour_0": "hour", "hour_12": "hour"}
"""Parts of one meaning."""
DATES = ("when.day", "when.full_day", "when.morning", "when.afternoon")

SHARED = ("when", "action", "attract", "place_card", "place_still", "reading", "take_card", "cleared", "card_away",
          "still_there", "help", "identity", "preferences", "chrome")  # fmt: skip
"""What every language has to say itself, with everything that can go wrong: sections around any service."""


def must_have(key: str) -> bool:
    section = key.partition(".")[0]
    return section in SHARED or section.startswith("E-")


def test_complete_languages_have_every_key_and_no_other() -> None:
    for language in COMPLETE:
        own = set(words.own(language))
        assert set(JA) - own == set(), language
        assert {key.removesuffix("_one") for key in own} - set(JA) == set(), language


@pytest.mark.parametrize("language", INCOMPLETE)
def test_what_is_missing(language: str, record_property: Callable[[str, object], None]) -> None:
    """Around a service nothing may be; a service's own texts are said in English until somebody writes them."""
    own = words.own(language)
    missing = set(JA) - set(own)
    record_property("missing", sorted(missing))  # in the report of the run, for whoever translates next
    assert {key for key in missing if must_have(key)} == set()
    assert set(own) <= set(JA) | {f"{key}_one" for key in JA}


@pytest.mark.parametrize("language", FILES)
def test_the_same_parts(language: str) -> None:
    own = words.own(language)
    different = [key for key in JA if key in own and parts(own[key]) != parts(JA[key]) and key not in DATES]
    assert not different


def parts(text: str) -> set[str]:
    names = (name for _, name, _, _ in Formatter().parse(text) if name)
    return {SAME.get(name, name) for name in names}


@pytest.mark.parametrize("language", FILES)
def test_a_date_has_the_parts_of_a_date(language: str) -> None:
    own = words.own(language)
    assert parts(own["when.day"]) == {"month", "day", "weekday"}
    assert parts(own["when.full_day"]) == {"year", "month", "day"}
    assert parts(own["when.morning"]) == parts(own["when.afternoon"]) == {"hour", "minute"}
    assert len(own["when.months"].split()) == 12
    assert len(own["when.weekdays"].split()) == 7


@pytest.mark.parametrize("language", [file for file in FILES if file != "ja"])
def test_a_line_is_short(language: str) -> None:
    """Latin letters are half as wide, and a fifth more of them may stand in a line that wraps between words."""
    limit = WIDEST if language == "ja_easy" else WIDEST * 1.2
    texts = words.load(language).texts
    own = {key: plain(texts[key]) for key in words.own(language)}
    long = [
        line
        for key, text in own.items()
        if key not in WIDER and not key.startswith("when.")
        for line in text.splitlines()
        if width(re.sub(r"\{\w+\}", "00", line)) > limit
    ]
    assert not long


@pytest.mark.parametrize("language", FILES)
def test_no_stray_spaces(language: str) -> None:
    own = words.own(language)
    assert [text for text in own.values() for line in text.splitlines() if line != line.rstrip()] == []
    assert [text for text in own.values() if "  " in text] == []
