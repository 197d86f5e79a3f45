"""Every kept trace, asked of a card issued just now: the same answers, as far as all cards of the kind agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.software_card.profile import Atr
from tests.card.software.conftest import powered
from tests.card.software.traces.clients import CLIENTS, FOLDER, KEPT_ATRS, Client
from tests.card.software.traces.notation import Step, read, reduce, replay, write

JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
LARGEST = 8192
"""Bytes of one kept trace: what is reduced stays readable."""


@pytest.mark.parametrize("atr", KEPT_ATRS, ids=lambda atr: atr.value)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_fresh_card_answers_as_the_trace_says(client: Client, atr: Atr, data: Path) -> None:
    kept = read(client.kept(atr).read_text())
    assert len(kept) > 40, "OpenSC knocks at more than thirty doors before ours"
    assert Step(JPKI.hex().upper(), "9000") in kept
    assert replay(kept, powered(data, "adult").answer) == kept


@pytest.mark.parametrize(
    ("client", "signatures"), [("pkcs11-sign-auth", 1), ("pkcs11-sign-sign", 1), ("ssh-keygen", 0)]
)
def test_signatures_are_there_and_reduced_to_their_length(client: str, signatures: int) -> None:
    steps = read((FOLDER / f"{client}.contact.txt").read_text())
    assert [s.answer for s in steps if s.command.startswith("802A")] == ["#2569000"] * signatures


def test_another_kind_of_card_does_not_pass(data: Path) -> None:
    kept = read(CLIENTS[0].kept(Atr.CONTACT).read_text())
    assert replay(kept, powered(data, "blocked").answer) != kept
    assert replay(kept, powered(data, "other-card").answer) != kept


def test_no_trace_is_without_a_client_nor_too_large() -> None:
    kept = {client.kept(atr) for client in CLIENTS for atr in KEPT_ATRS}
    assert set(FOLDER.glob("*.txt")) == kept
    assert all(path.stat().st_size < LARGEST for path in kept)


def test_the_notation_keeps_no_length_that_differs_from_card_to_card() -> None:
    """Two certificates of different sizes leave the same trace, and what was kept is what is read."""
    traces = []
    for size in (0x0300, 0x0301):
        header = bytes.fromhex("3082") + (size - 4).to_bytes(2) + b"\x90\x00"
        rest = size - 0x0200
        traces.append(
            reduce(
                [
                    (bytes.fromhex("00A4020C02000A"), b"\x90\x00"),
                    (bytes.fromhex("00B0000004"), header),
                    (bytes.fromhex("00B0010000"), bytes(256) + b"\x90\x00"),
                    (bytes.fromhex("00B00200") + bytes((rest & 0xFF,)), bytes(min(rest, 256)) + b"\x90\x00"),
                ]
            )
        )
    assert [str(step) for step in traces[0]] == [
        "00A4020C02000A 9000",
        "00B0000004 3082#29000",
        "00B0010000 #2569000",
        "00B00200.. #..9000",
    ]
    assert read(write("title\nof two lines", traces[0])) == traces[0]
