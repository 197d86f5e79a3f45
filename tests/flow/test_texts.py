"""The law of texts: what a screen shows is a Text, which can be said in any language, or somebody's own words."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend_client import wire
from kiosk import words
from kiosk.screens import KINDS, Choice, ConsentItem, Fact, Point, Row, Screen, Tick
from kiosk.words import Text, Words, retold
from stb_profile.profile import load
from tests.flow import fake_bills, fake_cards, fake_log, fake_own, fake_partners, fakes
from tests.flow.fake_emergency import CODE, notice
from tests.flow.fake_facilities import NUMBERS, use_of
from tests.flow.fake_health import check_up
from tests.flow.fake_medical import LOOK
from tests.ui import spoken

KIOSK = Path(__file__).parents[2] / "kiosk"
SCREENS = {profile: spoken.screens(profile) for profile in ("stb", "counter")}
IDS = {"name", "key", "code", "code_picture", "pattern"}
"""Fields that are never shown as words: stable ids, codes to be scanned or told, how digits are grouped."""
PARTS = {kind.__name__: kind for kind in (*KINDS, Choice, ConsentItem, Fact, Point, Row, Tick)}


def strings(value: object) -> Iterator[str]:
    """Every string in a backend's answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from strings(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)


OTHERS = {
    *strings((fake_partners.ASKED, fake_partners.ASKED_FOR_FOLDER, fake_partners.CONSENT, fake_partners.UNREAD)),
    fake_partners.CHECK,
    *strings((fake_bills.BILLS, fake_cards.HELD)),
    *strings(fake_own.HOLDERS),
    *(text for held in (fake_own.PENSION, fake_own.CARE) for fact in held.items() for text in fact),
    "26B1",
    *strings((fakes.HEADS, fakes.RECORDS, fakes.INSURANCE, fakes.LAST, LOOK)),
    *strings((fakes.PROXIES, fake_log.WORDS)),
    *strings((fakes.MOVE, fakes.a_move(*wire.ParcelState))),
    *strings((fakes.TEXT, fakes.PDF, fakes.an_action(wire.ActionCode.PAY))),
    "<b>くわしい</b> 説明 https://mihon.example/",
    *strings(fakes.asking_for(wire.StatementKind.PREMIUM)),
    *("住所変更済証明", "みほん県みどり市若葉町 3-5"),
    *("みほん県みどり市若葉町", "〒1234567 みほん県みどり市若葉町 3-5"),
    *strings((notice(), CODE)),
    *strings(check_up(date(2026, 5, 21), 5.7)),
    *strings((use_of(), use_of("kaigi"), NUMBERS)),
    *("一行目。", "二行目。", "本文です。", "12"),
    *(language.name for language in words.languages()),
    *(load(profile).place for profile in SCREENS),
    *("E-10", "E-15"),
}
"""What others wrote in these visits, what languages call themselves, and codes of errors among other lines."""


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string that is shown, with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from leaves(part, f"{path}[{number}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in IDS:
                yield from leaves(getattr(value, field.name), f"{path}.{field.name}")


def unspoken(screen: Screen[Any]) -> list[str]:
    """Where a screen shows a plain string that nobody but the kiosk itself can have written."""
    return [
        f"{screen.name}{path}: {text}"
        for path, text in leaves(screen)
        if text and not isinstance(text, Text) and text not in OTHERS
    ]


@pytest.mark.parametrize("profile", SCREENS)
def test_every_text_is_a_text_or_somebodys_own(profile: str) -> None:
    assert [fault for screen in SCREENS[profile] for fault in unspoken(screen)] == []


def test_a_literal_would_be_found() -> None:
    home = next(screen for screen in SCREENS["stb"] if screen.name == "home")
    assert unspoken(dataclasses.replace(home, title=f"{home.title}!")) == [f"home.title: {home.title}!"]


@pytest.mark.parametrize("profile", SCREENS)
def test_nothing_of_the_old_language_is_left(profile: str) -> None:
    """In a language of keys alone, all that is not a key is somebody's own."""
    names = {key: words.load().texts[key] for key in ("when.months", "when.weekdays")}
    keys = Words("keys", {key: f"‹{key}›" for key in words.load().texts} | names)
    for screen in SCREENS[profile]:
        left = [text for _, text in leaves(retold(screen, keys)) if text and text not in OTHERS]
        assert [text for text in left if not (text.startswith("‹") and text.endswith("›"))] == []


def test_no_screen_is_made_of_a_literal() -> None:
    """Also where no visit of these tests leads."""
    found = []
    for path in KIOSK.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            kind = PARTS.get(call.func.id) if isinstance(call.func, ast.Name) else None
            if kind is not None:
                found += [f"{path.name}:{call.lineno} {name}" for name, value in shown(kind, call) if literal(value)]
    assert found == []


def shown(kind: type, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    names = [field.name for field in dataclasses.fields(kind)]
    given = [*zip(names, call.args, strict=False), *((word.arg or "", word.value) for word in call.keywords)]
    return ((name, value) for name, value in given if name not in IDS)


def literal(value: ast.expr) -> bool:
    if isinstance(value, ast.JoinedStr):
        return True
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value != ""
