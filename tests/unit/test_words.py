"""Every text a person reads: there, in use, short, and without the words older people stumble over."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from backend_client.wire import ActionCode, BillState, NoticeMark, PartnerField, ProxyKind, ProxyScope, SenderKind
from kiosk import words
from kiosk.flows import hospital, own_information, partners, proxies, taking_home
from kiosk.flows.home import ITEMS
from kiosk.preferences import KINDS
from kiosk.visit import ENTRIES
from stb_profile import profile

WORDS = words.load()
KIOSK = Path(__file__).parents[2] / "kiosk"
SOURCES = [ast.parse(path.read_text("utf-8")) for path in KIOSK.rglob("*.py")]

NOT_TO_USE = ("トークン", "失効", "有効化", "認証", "ログイン", "資格確認", "エラー")
WIDEST = 24
"""Full-width characters a line at body size; source: ux reference, section 2.2."""
WIDER = {"identity.pin_hint_keys", "identity.pin_hint_pad", "identity.pin_note", "hospital.consent_lead"}
"""On screens with one short question and room for a long line."""


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        WORDS("home.nonsense")


def test_a_missing_part_is_an_error() -> None:
    with pytest.raises(KeyError):
        WORDS("home.title")


def test_lines() -> None:
    assert len(WORDS.lines("place_card.hints")) == 3


@pytest.mark.parametrize("language", words.COMPLETE)
def test_a_text_is_the_same_whichever_was_asked_for_before(language: str) -> None:
    marked = {
        key: words.IN_FILES.sub(rf"{words.BASE}\1{words.READING}\2{words.END}", text)
        for key, text in words.own(language).items()
    }
    texts = words.load.__wrapped__(language).texts
    last = next(reversed(marked))
    assert texts[last] == marked[last]
    assert dict(texts) == marked


def test_a_language_there_is_not() -> None:
    with pytest.raises(FileNotFoundError):
        words.load("xx")


# --- days and times --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 16), "11月16日(月)"),
        (date(2026, 11, 18), "11月18日(水)"),
        (date(2026, 11, 22), "11月22日(日)"),
        (date(2028, 2, 29), "2月29日(火)"),
    ],
)
def test_a_day(day: date, said: str) -> None:
    assert WORDS.day(day) == said


def test_a_day_with_its_year() -> None:
    assert WORDS.full_day(date(2026, 4, 1)) == "2026年4月1日"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "午前0時0分"),
        (9, 5, "午前9時5分"),
        (11, 59, "午前11時59分"),
        (12, 0, "午後0時0分"),
        (23, 59, "午後11時59分"),
    ],
)
def test_a_time(hour: int, minute: int, said: str) -> None:
    assert WORDS.time(datetime(2026, 11, 18, hour, minute, tzinfo=UTC)) == said


def test_a_clock() -> None:
    assert WORDS.clock(datetime(2026, 11, 18, 4, 5, tzinfo=UTC)) == "4:05"


def test_a_moment_is_told_by_the_clock_on_the_wall() -> None:
    japan = timezone(timedelta(hours=9))
    assert WORDS.moment(datetime(2026, 11, 17, 16, 0, tzinfo=UTC), japan) == "11月18日(水) 午前1時0分"


# --- keys in use -----------------------------------------------------------------------------------------------------


PREFERENCES = [f"{name}_{each.value}" for name, kind in KINDS.items() for each in kind]
GROUPS = {group for name in profile.names() for group in profile.load(name).groups}
HEALTH = (
    *(f"{part}{more}" for part in ("steps", "pressure", "check_ups") for more in ("", "_detail")),
    *("same", "more", "less", "much_more", "much_less"),
    *("morning", "noon", "night"),
    *(f"{which}{text}" for which in ("upper", "lower") for text in ("_title", "_hint")),
)
FILLED_IN = (
    *hospital.ITEMS,
    *(kind.value for kind in SenderKind),
    *ENTRIES,
    *HEALTH,
    "lines",
    "next",
    *(field.value for field in PartnerField),
    *(state.value for state in BillState),
    *partners.DOORS,
    *("confirm", "receipt", "card", "identity", "start", "do", "undo"),
    *(code.value for code in ActionCode),
    *(mark.value for mark in NoticeMark),
    *proxies.DEEDS,
    *proxies.KINDS,
    *proxies.TERMS,
    *(kind.value for kind in ProxyKind),
    *(scope.value for scope in ProxyScope),
    *("accepted", "ended", "good", "bad", "everything"),
    *(taking_home.PRINT, taking_home.PHONE, taking_home.STICK),
    *(state.value for state in own_information.State),
    *(f"{why}_lines" for why in ("nothing", "withheld", "line", "failed", "stopped")),
    *(f"by_{way}{part}" for way in ("pin", "sight", "help") for part in ("", "_detail")),
    *(f"why_{why}" for why in ("line", "card", "none", "processing", "forgotten", "broken")),
    *(
        f"{why}{part}"
        for why in ("place", "forgotten", "broken", "disaster")
        for part in ("", "_detail", "_title", "_body")
    ),
)
"""What the kiosk puts after the point of a key at run time; before it, an item at home or a problem."""


def patterns() -> set[str]:
    """Every key the kiosk names, as a pattern: in full, or with parts filled in at run time."""
    found: set[str] = set()
    for node in (node for source in SOURCES for node in ast.walk(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            found.add("".join(_pattern(part, first=part is node.values[0]) for part in node.values))
    return found


def _pattern(part: ast.expr, first: bool) -> str:
    if isinstance(part, ast.Constant):
        return re.escape(str(part.value))
    return rf"(?:{'|'.join((*ITEMS, *GROUPS))}|E-\d\d(?:-[a-z]+)?)" if first else f"(?:{'|'.join(FILLED_IN)})"


def test_every_text_is_in_use() -> None:
    named = [re.compile(pattern) for pattern in patterns()]  # more than the module keeps compiled by itself
    unused = [key for key in WORDS.texts if not any(pattern.fullmatch(key) for pattern in named)]
    assert [key for key in unused if not key.startswith(("chrome.", "preferences."))] == []


def test_every_preference_has_its_words() -> None:
    """The page names them by what they are called in `Preferences`; company is a matter of yes and no."""
    wanted = {"title", "language_title", "easy", "language", "voice", "on", "off", *KINDS, *PREFERENCES}
    said = {key.removeprefix("preferences.") for key in WORDS.texts if key.startswith("preferences.")}
    assert {key for key in wanted if not key.startswith("company_")} <= said


def asked() -> set[str]:
    """First arguments of calls of `words(...)` and `words.lines(...)` that stand there in full."""
    calls = (node for source in SOURCES for node in ast.walk(source) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if re.search(r"words(\.lines)?$", ast.unparse(call.func))
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_key_that_is_asked_for_is_there() -> None:
    wanted = asked()
    assert len(wanted) > 80, "the search itself must find something"
    assert wanted <= set(WORDS.texts)


# --- plain words -----------------------------------------------------------------------------------------------------


def broken(rule: Callable[[str], object]) -> dict[str, object]:
    """What the rule finds in the texts, by key."""
    return {key: found for key, text in WORDS.texts.items() if (found := rule(text))}


def test_no_word_that_needs_explaining() -> None:
    assert not broken(lambda text: [word for word in NOT_TO_USE if word in text])


def test_a_line_is_short() -> None:
    too_wide = broken(lambda text: [line for line in text.splitlines() if width(line) > WIDEST])
    assert set(too_wide) <= WIDER, too_wide


def width(line: str) -> float:
    """In full-width characters."""
    return sum(1 if unicodedata.east_asian_width(sign) in "FWA" else 0.5 for sign in line)


def test_no_stray_spaces() -> None:
    assert not broken(lambda text: [line for line in text.splitlines() if line != line.strip()])
