"""SELECT by the beginning of an AID. Source: card reference, sections 4 and 10.1."""

from __future__ import annotations

import pytest

from tests.card.software.conftest import Ask

MANAGER, JPKI = "A0000001510000", "D392F000260100000001"
TEXT, VISUAL, COMMON, JUKI = (f"D3921000310001{last}" for last in ("010408", "010402", "010100", "010401"))

OPENSC_ASKS_FIRST = (
    "627601FF000000",
    "A00000000101",
    "E82B0601040181C31F0201",
    "D23300000045737445494420763335",
    "A00000030800001000",
    "A000000116DB00",
    "A0000000791000",
    *(f"A00000007901{last:02X}" for last in range(16)),
    "F276A288BCFBA69D34F31001",
    "A00000039742544659",
    "D27600012401",
)
"""What must be answered 6A82 before it comes to the JPKI application. Source: card reference, section 10.1."""


def select(aid: str, p2: str = "0C") -> str:
    return f"00A404{p2}{len(aid) // 2:02X}{aid}"


@pytest.mark.parametrize("length", range(5, 8))
def test_the_beginning_of_the_managers_aid(ask: Ask, length: int) -> None:
    ask(select(JPKI))
    assert ask(select(MANAGER[: 2 * length])) == "9000"
    assert ask("00CA00F000") == "39393030319000"


@pytest.mark.parametrize("length", range(5, 11))
def test_the_beginning_of_the_jpki_aid(ask: Ask, length: int) -> None:
    assert ask(select(JPKI[: 2 * length])) == "9000"
    assert ask("00200098") == "63C3"


@pytest.mark.parametrize("aid", [MANAGER, JPKI, TEXT, VISUAL, COMMON, JUKI])
@pytest.mark.parametrize("length", range(1, 5))
def test_a_beginning_too_short_matches_nothing(ask: Ask, aid: str, length: int) -> None:
    assert {ask(select(aid[: 2 * length], p2)) for p2 in ("00", "0C", "02", "0E")} == {"6A82"}


@pytest.mark.parametrize("aid", OPENSC_ASKS_FIRST)
@pytest.mark.parametrize("p2", ["00", "0C", "02", "0E"])
def test_another_cards_application_is_unknown(ask: Ask, aid: str, p2: str) -> None:
    assert ask(select(aid, p2)) == "6A82"


def test_more_than_an_aid_is_another(ask: Ask) -> None:
    assert {ask(select(JPKI + "00")), ask(select(JPKI[:-2] + "02")), ask(select(MANAGER + "00"))} == {"6A82"}


def test_the_next_of_several_that_begin_alike(ask: Ask) -> None:
    """Each of the four under one beginning is met once, in the card's order; after the last there is none."""
    beginning = "D392100031"
    answers = [ask(select(beginning, p2) + "00") for p2 in ("00", "02", "02", "02", "02")]
    assert answers == [*(f"6F0C840A{aid}9000" for aid in (TEXT, VISUAL, COMMON, JUKI)), "6A82"]
    assert ask("0020009C") == "63C3", "the last one is still selected"
    assert ask(select(beginning)) == "9000"
    assert ask("00200095") == "63CA", "the first again"


def test_the_next_after_a_full_name(ask: Ask) -> None:
    ask(select(VISUAL))
    assert ask(select("D3921000310001", "0E")) == "9000"
    assert ask("00B2010C00").startswith("011C"), "the common application"
    assert ask(select(COMMON, "0E")) == "6A82", "there is no other of that name"


def test_a_refused_next_changes_nothing(ask: Ask) -> None:
    ask(select(JPKI))
    ask("002000980431323334")
    assert ask(select(JPKI, "02")) == "6A82"
    assert ask("802A00970131" + "00").endswith("9000"), "still verified"


@pytest.mark.parametrize("p2", ["02", "0E"])
def test_next_is_for_applications_alone(ask: Ask, p2: str) -> None:
    ask(select(JPKI))
    assert ask(f"00A402{p2}020018") == "6A86"
