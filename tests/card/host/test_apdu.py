"""Command and response bytes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.apdu import Response, command, extended, masked, sw_name, tries_left
from drivers.apdu.format import Command
from drivers.errors import BadAnswer
from drivers.software_card import command as chip

HEADER = (0x80, 0x2A, 0x00, 0x97)
BYTE = st.integers(0x00, 0xFF)


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (command(0x00, 0x20, 0x00, 0x98), "00200098"),
        (command(0x00, 0xB0, 0x8A, 0x00, le=256), "00B08A0000"),
        (command(0x00, 0xB0, 0x05, 0xFF, le=29), "00B005FF1D"),
        (command(0x00, 0xA4, 0x02, 0x0C, bytes.fromhex("0018")), "00A4020C020018"),
        (command(*HEADER, b"\x30\x31", 256), "802A009702303100"),
        (command(0x00, 0xD6, 0x00, 0x00, bytes(255)), "00D60000FF" + 255 * "00"),
        (extended(0x00, 0xCA, 0x7F, 0x21, le=0x10000), "00CA7F21000000"),
        (extended(0x00, 0xCA, 0x7F, 0x21, le=256), "00CA7F21000100"),
        (extended(0x80, 0xA2, 0x00, 0xC1, bytes(307)), "80A200C1000133" + 307 * "00"),
        (extended(*HEADER, b"\x30", 512), "802A009700000130" + "0200"),
    ],
    ids=["1", "2 of 256", "2", "3", "4", "3 of 255", "2E of all", "2E", "3E", "4E"],
)
def test_commands(encoded: bytes, expected: str) -> None:
    assert encoded.hex().upper() == expected


@pytest.mark.parametrize(("write", "le"), [(command, 0), (command, 257), (command, -1), (extended, 0x10001)])
def test_a_length_that_cannot_be_said(write: Any, le: int) -> None:
    with pytest.raises(ValueError, match="Le"):
        write(0x00, 0xB0, 0x00, 0x00, le=le)


def test_data_that_a_short_command_cannot_hold() -> None:
    with pytest.raises(ValueError, match="256"):
        command(0x00, 0xD6, 0x00, 0x00, bytes(256))


def test_a_bare_header_has_no_extended_form() -> None:
    with pytest.raises(ValueError, match="no extended form"):
        extended(0x00, 0x20, 0x00, 0x98)


@given(st.builds(Command, BYTE, BYTE, BYTE, BYTE, st.binary(max_size=600), st.none() | st.integers(1, 0x10000)))
@example(Command(0x00, 0xCA, 0x7F, 0x21, le=0x10000))
@example(Command(0x00, 0xB0, 0x8A, 0x00, le=256))
def test_what_was_written_is_read_by_host_and_chip(whole: Command) -> None:
    encoded = whole.encode()
    read, chips = Command.parse(encoded), chip.Command.parse(encoded)
    for each in (read, chips):
        assert (each.cla, each.ins, each.p1, each.p2, each.data, each.le) == (
            whole.cla, whole.ins, whole.p1, whole.p2, whole.data, whole.le,
        )  # fmt: skip
    assert read.is_extended == chips.extended == (len(whole.data) > 255 or (whole.le or 0) > 256)
    assert read.encode() == encoded


@given(st.binary(max_size=40))
def test_any_bytes_are_a_command_or_none(apdu: bytes) -> None:
    try:
        assert Command.parse(apdu).encode() == apdu
    except ValueError:
        assert len(apdu) < 4 or len(apdu) > 5


def test_a_response_is_data_and_status_word() -> None:
    assert Response.parse(bytes.fromhex("0102039000")) == Response(b"\x01\x02\x03", 0x9000)
    assert Response.parse(bytes.fromhex("63C2")) == Response(b"", 0x63C2)


@given(st.binary(min_size=2, max_size=300))
def test_a_response_is_written_as_it_was_read(answer: bytes) -> None:
    assert Response.parse(answer).encode() == answer


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
        (0x6100, "6100 (256 bytes more)"),
        (0x6C11, "6C11 (ask for 17 bytes)"),
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
        ("803200800434333231", "8032008004 [4 bytes hidden]"),
        ("0820009804000102", "0820009804 [3 bytes hidden]"),
    ],
)
def test_a_trace_never_shows_a_pin(apdu: str, trace: str) -> None:
    assert masked(bytearray.fromhex(apdu)) == trace
