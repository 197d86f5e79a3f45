from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.reception.names import FOLDED, SUBSTITUTE, Hidden, hidden, outside_set, same_name

NAMES = st.text(st.sampled_from("見本花子髙﨑德 　●A"), max_size=8)


@pytest.mark.parametrize(
    ("name", "kana", "found"),
    [
        ("見本 花子", "ミホン ハナコ", ()),
        ("見本 ●子", "ミホン ハナコ", (Hidden(3, "ハナコ"),)),
        ("●本　●●", "ミホン　ハナコ", (Hidden(0, "ミホン"), Hidden(3, "ハナコ"), Hidden(4, "ハナコ"))),
        ("見●花子", "ミホン ハナコ", (Hidden(1, "ミホン ハナコ"),)),
    ],
)
def test_a_dot_is_explained_by_its_reading(name: str, kana: str, found: tuple[Hidden, ...]) -> None:
    assert hidden(name, kana) == found


@given(NAMES, NAMES)
def test_every_dot_is_explained_where_it_stands(name: str, kana: str) -> None:
    plain = " ".join(name.split())
    assert [one.place for one in hidden(plain, kana)] == [at for at, one in enumerate(plain) if one == SUBSTITUTE]


@pytest.mark.parametrize(
    ("name", "found"),
    [("見本 花子", ()), ("見本﨑 髙𠮷子德", ("﨑", "髙", "𠮷", "德")), ("葛󠄀飾", ()), ("MIHON ALEX", ())],
)
def test_characters_that_bounce_later(name: str, found: tuple[str, ...]) -> None:
    assert outside_set(name) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("髙﨑 花子", "高崎　花子", True),
        ("葛󠄀飾", "葛飾", True),
        ("見本 ●子", "見本花子", True),
        ("ＭＩＨＯＮ", "MIHON", True),
        ("見本 花子", "見本 桜子", False),
        ("見本 ●", "見本 花子", False),
        ("", "見本", False),
    ],
)
def test_names_are_compared_folded(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_folding_ends_where_it_leads() -> None:
    assert not {chr(code) for code in FOLDED} & set(FOLDED.values())
