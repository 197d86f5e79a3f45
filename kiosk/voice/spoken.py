"""Written text as it is to be pronounced: dates, times, amounts, numbers digit by digit, signs; cut into sentences.

Marks of readings (`kiosk.words`) pass through: what to make of them is up to the engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

LONGEST = 60
"""Characters of a piece: while one is spoken the next is made, and a stop never waits for more than one."""

_NAMES = """
0 ゼロ 1 いち 2 に 3 さん 4 よん 5 ご 6 ろく 7 なな 8 はち 9 きゅう
A エー B ビー C シー D ディー E イー F エフ G ジー H エイチ I アイ J ジェー K ケー L エル M エム N エヌ O オー P ピー
Q キュー R アール S エス T ティー U ユー V ブイ W ダブリュー X エックス Y ワイ Z ゼット
"""
SIGNS = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True))
"""Digits and letters as they are called in Japanese one by one."""
WEEKDAYS = "月火水木金土日"

_ENDS = re.compile(r"(?<=[。！？!?])|(?<=\.)\s|\n+")
_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Z0-9-]*\d)[A-Z0-9]+(?:-[A-Z0-9]+)+(?![A-Za-z0-9])"
    r"|(?<![\d,.])(?:0\d{2,}|\d{7,})(?![\d,.円])"
)
"""26B1-8C42, E-10, 03-1234-5678; numbers too long to be an amount, or with a leading zero."""


def pieces(text: str, language: str) -> Iterator[str]:
    """Sentence by sentence, ready for an engine of the language; nothing for a text without anything to say."""
    written = _width(text)
    for sentence in _ENDS.split(_japanese(written) if language.startswith("ja") else _western(written)):
        for piece in _short(sentence.strip(" 　、")):
            if any(unicodedata.category(letter)[0] in "LN" for letter in piece):
                yield piece


def _short(sentence: str) -> Iterator[str]:
    """Cut at a pause, and only where it has to be."""
    while len(sentence) > LONGEST:
        cut = max(sentence.rfind(pause, 1, LONGEST) for pause in "、, 　") + 1 or LONGEST
        yield sentence[:cut]
        sentence = sentence[cut:]
    yield sentence


def _width(text: str) -> str:
    """Full-width digits and letters as plain ones; the signs of Japanese stay as they are."""
    return "".join(unicodedata.normalize("NFKC", c) if "０" <= c <= "ｚ" and c.isalnum() else c for c in text)


# --- Japanese ---------------------------------------------------------------------------------------------------------

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("（）()【】▶▲▼◀→←↑↓|・：:／/〔〕*", "、"),
        **dict.fromkeys("「」『』✓○", ""),
        "●": "まる",
        "〜": "から",
        "～": "から",
        "　": "、",
    }
)


def _japanese(text: str) -> str:
    text = re.sub(rf"[(（]([{WEEKDAYS}])[)）]", r"、\1曜日、", text)
    text = re.sub(r"(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])", _japanese_clock, text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = _CODE.sub(lambda found: _digit_by_digit(found[0], SIGNS.__getitem__, "、"), text)
    text = re.sub("(?<=[ァ-ヶー])・(?=[ァ-ヶー])", "", text)
    text = text.translate(_SIGNS)
    return re.sub("、(?=[。！？])", "", re.sub("、{2,}", "、", text))


def _japanese_clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    return f"{hour}時{minute}分" if minute else f"{hour}時"


# --- languages with spaces --------------------------------------------------------------------------------------------

_WESTERN_SIGNS = str.maketrans({**dict.fromkeys("▶▲▼◀→←↑↓|()（）「」✓", " "), "　": ", ", "・": ", ", "〜": "-"})


def _western(text: str) -> str:
    text = _CODE.sub(lambda found: _digit_by_digit(found[0], str, ", "), text)
    return re.sub(" +", " ", text.translate(_WESTERN_SIGNS))


def _digit_by_digit(code: str, say: Callable[[str], str], pause: str) -> str:
    groups = re.findall("[A-Z0-9]{1,4}", code)
    return pause.join(" ".join(map(say, group)) for group in groups)
