"""Command and response bytes."""

from __future__ import annotations

import pytest

from drivers.apdu import Response, command, masked, sw_name, tries_left
from drivers.errors import BadAnswer


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (command(0x00, 0x20, 0x00, 0x98), "00200098"),
        (command(0x00, 0xB0, 0x8A, 0x00, le=256), "00B08A0000"),
        (command(0x00, 0xB0, 0x05, 0xFF, le=29), "00B005FF1D"),
        (command(0x00, 0xA4, 0x02, 0x0C, bytes.fromhex("0018")), "00A4020C020018"),
        (command(0x80, 0x2A, 0x00, 0x97, b"\x30\x31", 256), "802A009702303100"),
        (command(0x00, 0xD6, 0x00, 0x00, bytes(255)), "00D60000FF" + 255 * "00"),
    ],
    ids=["case 1", "case 2 of 256", "case 2", "case 3", "case 4", "case 3 of 255"],
)
def test_commands(encoded: bytes, expected: str) -> None:
    assert encoded.hex().upper() == expected


@pytest.mark.parametrize("le", [0, 257, -1])
def test_a_length_that_a_short_apdu_cannot_say(le: int) -> None:
    with pytest.raises(ValueError, match="Le"):
        command(0x00, 0xB0, 0x00, 0x00, le=le)


def test_data_that_a_short_apdu_cannot_hold() -> None:
    with pytest.raises(ValueError, match="256"):
        command(0x00, 0xD6, 0x00, 0x00, bytes(256))


def test_a_response_is_data_and_status_word() -> None:
    assert Response.parse(bytes.fromhex("0102039000")) == Response(b"\x01\x02\x03", 0x9000)
    assert Response.parse(bytes.fromhex("63C2")) == Response(b"", 0x63C2)


@pytest.mark.parametrize("answer", [b"", b"\x90"])
def test_a_response_without_status_word(answer: bytes) -> None:
    with pytest.raises(BadAnswer):
        Response.parse(answer)


@pytest.mark.parametrize(("sw", "tries"), [(0x63C0, 0), (0x63C3, 3), (0x63CF, 15), (0x6300, None), (0x9000, None)])
def test_tries_left(sw: int, tries: int | None) -> None:
    assert tries_left(sw) == tries


@pytest.mark.parametrize(
    ("sw", "name"),
    [
        (0x9000, "9000 (done)"),
        (0x63C1, "63C1 (tries left 1)"),
        (0x6A82, "6A82 (not found)"),
        (0x6999, "6999 (no name)"),
    ],
)
def test_names_for_people(sw: int, name: str) -> None:
    assert sw_name(sw) == name


@pytest.mark.parametrize(
    ("apdu", "trace"),
    [
        ("00A4020C020018", "00A4020C020018"),
        ("00200098", "00200098"),
        ("002000980431323334", "0020009804 [4 bytes hidden]"),
        ("002401800434333231", "0024018004 [4 bytes hidden]"),
    ],
)
def test_a_trace_never_shows_a_pin(apdu: str, trace: str) -> None:
    assert masked(bytearray.fromhex(apdu)) == trace
