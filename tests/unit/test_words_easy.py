"""Easy Japanese, held to its rules. Source: ux reference, section 3.3."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kiosk import words
from kiosk.words import plain, readings
from tests.unit.test_words import NOT_TO_USE

EASY = {key: text for key, text in words.load("ja_easy").texts.items() if not key.startswith("E-24.")}
"""E-24 says in Latin letters that no others can be shown."""

MOST = 30
"""Letters of a sentence, without their readings."""
KANJI = re.compile("[々〆一-龥]")
KANJIS = re.compile("[々〆一-龥]+")
HIRAGANA = re.compile("[ぁ-ん]+")

HARD = (
    *NOT_TO_USE,
    *("システム", "データ", "アクセス", "サービス", "パスワード", "キャンセル", "ソフト", "プロフィール"),
    *("該当", "当該", "及び", "利用者", "取得", "実施", "提示", "申請", "記載", "貴", "送付", "返却", "交付"),
)
"""Words of offices and of computers."""

LOANS = {
    "カード",
    "マイナンバーカード",
    "リモコン",
    "ボタン",
    "ページ",
    "マイ",
    "ポータル",
    "ケース",
    "スマホ",
    "カメラ",
    "コンビニ",
}
"""Loan words that everybody living here meets; any other needs a Japanese word."""

HONORIFIC = re.compile(
    "いただ|くださいま|ございま|おいで|おられ|なさ(?:い|る|っ)|召し|伺|拝|ご(?:利用|了承|確認|注意|覧)"
    "|お[^ 、。]{1,3}(?:になる|になり|になっ|(?<![てで])ください|いたし)"
)
THANKS = "ありがとうございました。"
"""Said to everybody who learns Japanese, on the first day."""

NEGATIVE = re.compile("ない(?!で|か)|ません|なけれ|なく(?!な)|ず(?:に|、)")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。？！])|\n", plain(text)) if part.strip()]


def broken(rule: Callable[[str], object]) -> dict[str, object]:
    """What the rule finds in the texts, by key."""
    return {key: found for key, text in EASY.items() if (found := rule(text))}


def test_every_kanji_has_its_reading() -> None:
    def bare(text: str) -> list[str]:
        covered = {at for found in readings(text) for at in range(found["at"], found["at"] + found["length"])}
        return [letter for at, letter in enumerate(plain(text)) if KANJI.match(letter) and at not in covered]

    assert not broken(bare)


def test_readings_are_hiragana_over_kanji() -> None:
    def odd(text: str) -> list[tuple[str, str]]:
        pairs = [(plain(text)[r["at"] : r["at"] + r["length"]], r["reading"]) for r in readings(text)]
        return [(base, above) for base, above in pairs if not (KANJIS.fullmatch(base) and HIRAGANA.fullmatch(above))]

    assert not broken(odd)


def test_sentences_are_short() -> None:
    def long(text: str) -> list[str]:
        return [each for each in sentences(text) if len(re.sub(r"\{\w+\}|[\s「」（）]", "", each)) > MOST]

    assert not broken(long)


def test_no_hard_words() -> None:
    assert not broken(lambda text: [word for word in HARD if word in plain(text)])


def test_loan_words_that_everybody_knows_only() -> None:
    assert not broken(lambda text: set(re.findall("[ァ-ヴー]{2,}", plain(text))) - LOANS)


def test_no_honorific_forms() -> None:
    assert not broken(lambda text: HONORIFIC.findall(plain(text).replace(THANKS, "")))


def test_no_sentence_says_no_twice() -> None:
    assert not broken(lambda text: [each for each in sentences(text) if len(NEGATIVE.findall(each)) > 1])


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (HONORIFIC, "こちらをお待ちになってください"),
        (HONORIFIC, "ご利用ください"),
        (HONORIFIC, "おいでください"),
        (HONORIFIC, "お持ちいただきます"),
    ],
)
def test_the_rule_finds_what_it_is_for(rule: re.Pattern[str], sentence: str) -> None:
    assert rule.search(sentence)


def test_the_rule_counts_negatives() -> None:
    assert len(NEGATIVE.findall("カードが ないと できません")) == 2
    assert len(NEGATIVE.findall("見せないことは ありません")) == 2
    assert len(NEGATIVE.findall("言わないでください")) == 0
    assert len(NEGATIVE.findall("使えなくなりました")) == 0
