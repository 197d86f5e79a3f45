"""The trace counts right and keeps no secret."""

from __future__ import annotations

from pathlib import Path

from drivers.software_card.trace import CardTrace, Totals
from tests.card.software.conftest import asking, powered

JPKI, PIN = "00A4040C0AD392F000260100000001", "002000980431323334"


def test_it_counts_commands_bytes_and_time_by_session(data: Path) -> None:
    card = powered(data, "adult")
    ask = asking(card)
    ask(JPKI)
    ask("00B08A0000")
    card.power_off()
    card.power_on()
    ask("00200098")
    totals = card.trace.totals
    assert (totals.apdus, totals.bytes_in, totals.bytes_out) == (3, 15 + 5 + 4, 2 + 258 + 2)
    assert 0 < totals.card_s < 1
    assert card.trace.session_totals(1).bytes_out == 260
    assert card.trace.session_totals(2) == Totals(1, 4, 2, card.trace.entries[-1].card_s)
    assert card.trace.session_totals(3) == Totals()


def test_no_pin_and_no_answer_is_kept(data: Path) -> None:
    card = powered(data, "adult")
    ask = asking(card)
    for command in (JPKI, PIN, "0020009B06414243313233", "00200098053132", "00B08A0000"):
        ask(command)
    text = str(card.trace)
    assert "31323334" not in text
    assert "414243" not in text
    assert "3132" not in text
    assert "00200098**********" in text
    assert JPKI in text
    assert len(text.splitlines()) == 5
    assert "3082" not in text


def test_totals_go_on_when_old_entries_are_dropped() -> None:
    trace = CardTrace()
    trace.power_on()
    for _ in range(5000):
        trace.add(b"\x00\x84\x00\x00\x08", b"\x90\x00", 0.001)
    assert trace.totals.apdus == 5000
    assert len(trace.entries) < 5000


def test_it_is_held_until_the_last_answer_has_left(data: Path) -> None:
    """A link that takes a real card's time says when the answer leaves."""
    card = powered(data, "adult")
    trace = CardTrace()
    trace.departed()
    assert trace.held_s == 0
    asking(card)(JPKI)
    before = card.trace.held_s
    card.trace.departed()
    assert card.trace.held_s > before
