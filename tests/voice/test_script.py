"""What every screen says: something of sense, all of it on wish, and nothing of a person among the public words."""

from __future__ import annotations

from typing import Any

import pytest

from drivers.errors import Pin
from kiosk import words as languages
from kiosk.screens import Choice, Confirm, ItemList, Menu, PhoneCode, PinEntry, PinOnReader, Row, Screen, Sight
from kiosk.stage_data import SCREENS
from kiosk.voice import spoken
from kiosk.voice.script import Script, is_personal
from kiosk.voice.voice import Saying
from kiosk.words import Text, plain, retold
from tests.flow.scripted_stage import possible_answers
from tests.ui import spoken as shown

WORDS = languages.load()
PHONE = PhoneCode(
    name="phone", title=WORDS("place_card.title"), code_picture="data:x", hints=WORDS.lines("place_card.hints")
)
SPOKEN = ("ja", "ja_easy", "en")
PEOPLE = ("見本", "花子", "ミホン", "39990015", "01234567")


def sight(screen: Screen[Any], focus: str | None = None) -> Sight:
    keys = [str(answer) for answer in possible_answers(screen)]
    digits = {key: number for number, key in enumerate(keys[:9], 1)}
    return Sight(screen, (keys[0] if keys else "") if focus is None else focus, digits, {"back": WORDS("chrome.back")})


def every_screen() -> list[Screen[Any]]:
    return [*shown.screens("stb"), *shown.screens("counter"), PHONE]


def said(sayings: tuple[Saying, ...]) -> list[str]:
    return [plain(saying.text) for saying in sayings]


def test_the_screens_are_of_every_kind() -> None:
    assert {type(screen) for screen in every_screen()} == set(SCREENS)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_screen_says_its_title_first_and_has_pieces_for_an_engine(language: str) -> None:
    words = languages.load(language)
    for screen in every_screen():
        screen = retold(screen, words)
        prompt = Script(sight(screen), words).prompt()
        assert prompt[0].text == screen.title
        own = [saying for saying in prompt if not saying.personal]
        assert all(saying.language in (language, *named()) for saying in own), screen.name
        assert list(spoken.pieces(prompt[0].text, prompt[0].language)), screen.name


def named() -> set[str]:
    return {language.file for language in languages.languages()}


def test_everything_that_can_be_answered_is_said_with_its_digit() -> None:
    for screen in every_screen():
        whole = said(Script(sight(screen), WORDS).whole())
        choices = [*getattr(screen, "choices", ()), *getattr(screen, "actions", ())]
        for number, choice in enumerate(choices, 1):
            digit = number if choice.digit is None else choice.digit
            if digit < 0:  # an alarm's: by OK alone
                assert plain(choice.title) in whole
                continue
            at = whole.index(f"{digit}番")
            assert plain(choice.title) in whole[at + 1 : at + 2] or whole.count(f"{digit}番") > 1, screen.name


def test_everything_written_is_said_on_wish() -> None:
    for screen in every_screen():
        whole = set(said(Script(sight(screen), WORDS).whole()))
        for field in ("title", "lead", "hint", "detail", "subtitle", "body", "note", "yes", "no", "code"):
            text = getattr(screen, field, "")
            assert not text or plain(text) in whole, (screen.name, field)
        for field in ("lines", "hints", "summary"):
            assert {plain(line) for line in getattr(screen, field, ()) if line} <= whole, (screen.name, field)
        for fact in getattr(screen, "facts", ()):
            assert {plain(fact.label), plain(fact.value)} <= whole, screen.name


def test_no_public_word_is_about_a_person() -> None:
    marked = 0
    for screen in every_screen():
        for saying in (*Script(sight(screen), WORDS).whole(), *Script(sight(screen), WORDS).prompt()):
            marked += saying.personal
            if not saying.personal:
                assert not [name for name in PEOPLE if name in saying.text], screen.name
    assert marked > 50, "the search itself must find something"


def test_where_a_pin_is_typed_nothing_is_personal_so_nothing_lays_a_question_over_it() -> None:
    entries = [screen for screen in every_screen() if isinstance(screen, PinEntry | PinOnReader)]
    assert {screen.pin for screen in entries} >= {Pin.USER_AUTHENTICATION}
    for screen in entries:
        assert not [saying for saying in Script(sight(screen), WORDS).whole() if saying.personal]


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        (WORDS("action.back"), False),
        (WORDS("identity.tries_text", tries=2), False),
        (WORDS("voice.digit", digit=3), False),
        (WORDS("home.title", name="見本 花子"), True),
        (WORDS("card_away.note", why=WORDS("E-09.lines")), False),
        (WORDS("card_away.note", why=WORDS("home.title", name="見本 花子")), True),
        (WORDS("home.new", count=3), True),
        ("見本 花子", True),
        ("English", False),
    ],
)
def test_what_is_personal(text: str, personal: bool) -> None:
    assert is_personal(text) is personal


def test_a_label_is_as_personal_as_its_value() -> None:
    record = next(screen for screen in every_screen() if screen.name == "access_log.record")
    sayings = Script(sight(record), WORDS).prompt()
    assert [saying.personal for saying in sayings if plain(saying.text) == "だれが"] == [True]


# --- focus -----------------------------------------------------------------------------------------------------------


def test_a_row_says_its_digit_on_the_page_and_all_its_lines() -> None:
    rows = tuple(Row(key, f"題{key}", above=f"上{key}", below=f"下{key}", badge="新") for key in "abc")
    listed = ItemList(name="list", title=WORDS("notices.title"), rows=rows)
    look = Sight(listed, "c", {"c": 1}, {})
    assert said(Script(look, WORDS).focus()) == ["1番", "新", "上c", "題c", "下c"]
    assert said(Script(look, WORDS).prompt())[-5:] == ["1番", "新", "上c", "題c", "下c"]


def test_a_choice_says_what_it_is_for() -> None:
    menu = Menu(name="m", title="m", choices=(Choice("a", "あ"), Choice("b", "い", "いの話", "新", digit=0)))
    assert said(Script(sight(menu, "b"), WORDS).focus()) == ["0番", "い", "いの話", "新"]


def test_a_yes_or_no_keeps_its_digits() -> None:
    confirm = Confirm(name="c", title="c", lines=(), yes="やる", no="やらない")
    assert said(Script(sight(confirm, "no"), WORDS).focus()) == ["2番", "やらない"]


def test_half_of_a_consent_says_what_it_is_about() -> None:
    consent = next(screen for screen in every_screen() if screen.name == "hospital.consent")
    key = f"{consent.items[0].key}:yes"  # type: ignore[attr-defined]
    assert said(Script(sight(consent, key), WORDS).focus()) == ["薬の情報", "はい"]
    assert said(Script(sight(consent, "none"), WORDS).focus()) == ["3番", "見せない"]


def test_a_key_of_the_footer_says_its_word() -> None:
    assert said(Script(sight(every_screen()[0], "footer.back"), WORDS).focus()) == ["もどる"]


def test_no_focus_says_nothing() -> None:
    for screen in every_screen():
        assert Script(sight(screen, ""), WORDS).focus() == ()


def test_what_is_said_keeps_its_language() -> None:
    english = languages.load("en")
    home = retold(next(screen for screen in every_screen() if screen.name == "home"), english)
    assert isinstance(home.title, Text)
    assert {saying.language for saying in Script(sight(home), english).prompt()} == {"en"}
    assert Script(sight(Menu(name="m", title="ja の手紙", choices=())), english).prompt()[0].language == "ja"
