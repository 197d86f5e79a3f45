"""APDUs as bytes. Source: ISO/IEC 7816-3, section 12.1."""

from __future__ import annotations

import pytest

from drivers.software_card.command import Command
from drivers.software_card.status import Refusal


@pytest.mark.parametrize(
    ("raw", "data", "le"),
    [
        ("00200080", "", None),
        ("00B0000004", "", 4),
        ("00B0000000", "", 256),
        ("00A4020C020018", "0018", None),
        ("802A00800301020300", "010203", 256),
        ("802A00800301020310", "010203", 16),
        ("002000800400000000", "00000000", None),
        ("802A0080FF" + "AB" * 255 + "00", "AB" * 255, 256),
        ("00CA00F8000100", "", 256),
        ("00CA00F8000000", "", 65536),
        ("80A200C1000001AA", "AA", None),
        ("80A200C1000001AA0002", "AA", 2),
    ],
)
def test_the_four_cases(raw: str, data: str, le: int | None) -> None:
    command = Command.parse(bytes.fromhex(raw))
    assert (command.data.hex().upper(), command.le) == (data, le)
    assert bytes([command.cla, command.ins, command.p1, command.p2]).hex().upper() == raw[:8]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "00A402",
        "00A4020C03001B",  # one byte short
        "00A4020C0200180000",  # one byte too many
        "00B000000000",  # Lc of nothing
        "00B0000000FFFF00",  # extended, one byte too many
        "00B00000000002AA0000",  # extended, two bytes short
    ],
)
def test_lengths_that_disagree_are_refused(raw: str) -> None:
    with pytest.raises(Refusal, match="6700"):
        Command.parse(bytes.fromhex(raw))


def test_the_data_is_not_printed() -> None:
    assert "1234" not in repr(Command.parse(bytes.fromhex("002000980431323334")))
