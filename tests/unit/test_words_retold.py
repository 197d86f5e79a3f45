"""What was said can be said again in another language, wherever it went in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from kiosk import words
from kiosk.screens import Choice, Fact, Menu, TakeCard
from kiosk.words import Text, Words, plain, read_aloud, readings, retold

JA, EN, EASY = words.load("ja"), words.load("en"), words.load("ja_easy")
MOMENT = datetime(2026, 11, 18, 10, 12, tzinfo=UTC)


def test_a_text_is_a_string_that_remembers() -> None:
    text = JA("home.title", name="見本 花子")
    assert text == "見本 花子さん、こんにちは"
    assert isinstance(text, Text)
    assert (text.key, text.parts) == ("home.title", {"name": "見本 花子"})
    assert text.retold(EN) == "Hello, 見本 花子"
    assert text.retold(EN).retold(JA) == text
    assert text.retold(JA) is text


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (MOMENT, "Nov 18 (Wed), 10:12 am"),
        (MOMENT.replace(hour=0, minute=5), "Nov 18 (Wed), 12:05 am"),
        (MOMENT.replace(hour=12, minute=0), "Nov 18 (Wed), 12:00 pm"),
        (MOMENT.replace(hour=23, minute=59), "Nov 18 (Wed), 11:59 pm"),
    ],
)
def test_a_moment_by_the_languages_own_rules(moment: datetime, said: str) -> None:
    assert JA.moment(moment, UTC).retold(EN) == said


def test_days_and_clocks() -> None:
    assert JA.day(MOMENT).retold(EN) == "Nov 18 (Wed)"
    assert JA.full_day(MOMENT.date()).retold(EN) == "Nov 18, 2026"
    assert JA.clock(MOMENT).retold(EN) == "10:12"


def test_parts_that_are_texts_are_retold_and_others_stay() -> None:
    last = JA("home.last", when=JA.moment(MOMENT, UTC), place="このテレビ")
    assert last.retold(EN) == "Last time: Nov 18 (Wed), 10:12 am, このテレビ"


@pytest.mark.parametrize(("tries", "said"), [(0, "0 tries"), (1, "1 try"), (2, "2 tries")])
def test_one_is_counted_differently_where_the_language_does(tries: int, said: str) -> None:
    assert JA("identity.tries_text", tries=tries) == f"{tries}回"
    assert JA("identity.tries_text", tries=tries).retold(EN) == said


def test_another_language_may_have_more_lines_or_fewer() -> None:
    before = ("a name", *JA.lines("E-10.next_hospital"), *JA.lines("E-20.lines"), "26B1")
    after = retold(before, EASY)
    assert after == ("a name", *EASY.lines("E-10.next_hospital"), *EASY.lines("E-20.lines"), "26B1")
    fewer = Words("few", {**JA.texts, "E-10.next_hospital": "いち"})
    assert retold(before, fewer) == ("a name", "いち", *fewer.lines("E-20.lines"), "26B1")
    assert retold(retold(before, fewer), JA) == before


def test_a_screen_is_retold_field_by_field() -> None:
    screen = Menu(
        name="home",
        title=JA("home.title", name="花子"),
        choices=(Choice("over", JA("home.over"), JA("home.over_detail"), digit=0),),
        back=True,
    )
    assert retold(screen, EN) == Menu(
        name="home", title="Hello, 花子", choices=(Choice("over", "Finish", "Clears the screen", digit=0),), back=True
    )
    card = TakeCard(name="take_card", title=JA("take_card.title"), lines=JA.lines("take_card.lines"), taken=True)
    assert retold(card, EN).lines == ("Thank you.",)


def test_what_a_sender_wrote_stays() -> None:
    fact = Fact(JA("notices.from"), "差出人")
    assert retold(fact, EN) == Fact("From", "差出人")


def test_what_has_nothing_to_be_said_anew_is_not_made_anew() -> None:
    """A list of ten thousand letters stays one list."""
    rows = (Fact("差出人", "みどり市"), Fact(JA("notices.from"), "みどり市"))
    assert retold(rows, JA) is rows
    english = retold(rows, EN)
    assert english[0] is rows[0]
    assert english[1] == Fact("From", "みどり市")


# --- readings ---------------------------------------------------------------------------------------------------------


def test_a_reading_stands_above_its_word() -> None:
    text = EASY("E-03.title", tries_left=2)
    assert plain(text) == "暗証番号が ちがいます（あと 2回）"
    assert read_aloud(text) == "あんしょうばんごうが ちがいます（あと 2かい）"
    assert readings(text) == [
        {"at": 0, "length": 4, "reading": "あんしょうばんごう"},
        {"at": 16, "length": 1, "reading": "かい"},
    ]


def test_a_text_in_a_text_keeps_its_readings() -> None:
    text = EASY("notices.sender", sender="みどり市", kind=JA("notices.company"))
    assert plain(text) == "みどり市（会社）"
    assert readings(text) == [{"at": 5, "length": 2, "reading": "かいしゃ"}]


def test_nobody_else_can_write_readings() -> None:
    """A sender must not be able to put one word above another."""
    forged = f"{words.BASE}はい{words.READING}いいえ{words.END}"
    assert EASY("home.title", name=forged) == EASY("home.title", name="はいいいえ")


# --- languages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inner:
    text: str
    number: int


def test_anything_that_is_no_text_stays() -> None:
    value = (Inner("plain", 3), None, 1.5, frozenset({"a"}))
    assert retold(value, EN) == value


def test_what_an_incomplete_language_does_not_say_is_said_in_english() -> None:
    zh, own = words.load("zh"), words.own("zh")
    missing = next(iter(set(EN.texts) - set(own)), None)
    assert zh("chrome.back") == own["chrome.back"] != EN("chrome.back")
    assert missing is None or zh.texts[missing] == EN.texts[missing]
    assert set(zh.texts) >= set(JA.texts)


def test_languages_are_loaded_once_and_named_in_themselves() -> None:
    assert words.load("en") is EN
    assert [language.file for language in words.languages()][:3] == ["ja", "ja_easy", "en"]
    files = {path.stem for path in words.WORDS.glob("*.toml")} - {"languages"}
    assert {language.file for language in words.languages()} == files
