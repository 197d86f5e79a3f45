"""Each layer alone, over a scripted one; then all of them."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.apdu import layered
from drivers.apdu.chaining import CommandChaining
from drivers.apdu.fetching import ResponseChaining
from drivers.apdu.format import Command, Response, command, extended
from drivers.apdu.layer import Layer
from drivers.apdu.once import SECRET, NeverTwice
from drivers.apdu.trace import Traced
from drivers.errors import BadAnswer, CardMute
from tests.card.host.layers import Below
from tests.flow.virtual_time import play

READ = "00B08A0000"
LOG = logging.getLogger("layers")
WIRE_S = 10.0


def sent(layer: Layer, apdu: str | bytes, deadline_s: float = WIRE_S) -> str:
    raw = bytes.fromhex(apdu) if isinstance(apdu, str) else apdu
    return play(layer.transmit(raw, deadline_s)).hex().upper()


# --- answers in pieces, and the right Le


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        ([(READ, "01029000")], "01029000"),
        ([(READ, "01026102"), ("00C0000002", "03049000")], "010203049000"),
        ([(READ, "6100"), ("00C0000000", "016101"), ("00C0000001", "026982")], "01026982"),
        ([(READ, "6C05"), ("00B08A0005", "01020304059000")], "01020304059000"),
        ([(READ, "6C00"), (READ, "6C00")], "6C00"),
        ([(READ, "6C02"), ("00B08A0002", "6102"), ("00C0000002", "AABB9000")], "AABB9000"),
    ],
    ids=["none", "one", "two, refused at last", "other Le", "other Le once", "both"],
)
def test_fetching(lines: list[tuple[str, str]], answer: str) -> None:
    below = Below(*lines)
    assert sent(ResponseChaining(below), READ) == answer
    below.assert_all_sent()


@pytest.mark.parametrize(
    ("apdu", "again"),
    [
        ("00A40400", "00A4040002"),
        ("00A4040C0118", "00A4040C011802"),
        ("802A0097013000", "802A0097013002"),
        ("00CA7F21000000", "00CA7F21000002"),
        ("80A200C100000130", "80A200C1000001300002"),
    ],
)
def test_the_right_le_goes_into_every_form(apdu: str, again: str) -> None:
    assert sent(ResponseChaining(Below((apdu, "6C02"), (again, "9000"))), apdu) == "9000"


@pytest.mark.parametrize("answers", [["6110", "6110"], ["00" * 0x8001 + "6100"] * 2, ["90"]])
def test_announcements_that_make_no_sense(answers: list[str]) -> None:
    commands = (READ, "00C0000010" if answers[0] == "6110" else "00C0000000")
    with pytest.raises(BadAnswer):
        sent(ResponseChaining(Below(*zip(commands, answers, strict=False))), READ)


# --- data in pieces


def test_long_data_is_cut_and_the_last_piece_carries_le() -> None:
    data = bytes(range(256)) * 2
    below = Below(
        ("902A0097FF" + data[:255].hex(), "9000"),
        ("902A0097FF" + data[255:510].hex(), "9000"),
        ("802A009702" + data[510:].hex() + "00", "AA9000"),
    )
    assert sent(CommandChaining(below), extended(0x80, 0x2A, 0x00, 0x97, data, 256)) == "AA9000"
    below.assert_all_sent()


def test_a_piece_refused_ends_the_command() -> None:
    below = Below(("10D60000FF" + "00" * 255, "6884"))
    assert sent(CommandChaining(below), extended(0x00, 0xD6, 0x00, 0x00, bytes(256))) == "6884"


@pytest.mark.parametrize(
    "apdu", [command(0x00, 0xD6, 0x00, 0x00, bytes(255), 256), extended(0x80, 0xA2, 0x00, 0xC1, bytes(307))]
)
def test_what_the_card_takes_whole_is_not_cut(apdu: bytes) -> None:
    below = Below((apdu.hex(), "9000"))
    assert sent(CommandChaining(below), apdu) == "9000"
    assert below.heard[0] is apdu


class ModelCard:
    """Takes pieces under CLA 1x, answers its data turned round, and gives 61xx beyond 256 bytes. Source: ISO 7816-4."""

    def __init__(self) -> None:
        self._heard = b""
        self._waiting = b""

    async def transmit(self, command: bytes | bytearray, deadline_s: float) -> bytes:
        piece = Command.parse(command)
        if piece.ins == 0xC0:
            return self._give(piece.le or 0)
        assert not piece.is_extended
        self._heard += piece.data
        if piece.cla & 0x10:
            return b"\x90\x00"
        self._waiting, self._heard = self._heard[::-1], b""
        return self._give(piece.le or 0)

    def _give(self, le: int) -> bytes:
        given, self._waiting = self._waiting[:le], self._waiting[le:]
        sw = 0x9000 if not self._waiting else 0x6100 | (len(self._waiting) if len(self._waiting) < 256 else 0)
        return Response(given, sw).encode()


@given(st.binary(min_size=1, max_size=2000))
def test_any_data_goes_to_a_card_and_comes_back(data: bytes) -> None:
    whole = Command(0x80, 0x2A, 0x00, 0x97, data, 256).encode()
    assert play(layered(ModelCard(), LOG).transmit(whole, WIRE_S)) == data[::-1] + b"\x90\x00"


# --- one deadline


def test_pieces_share_one_deadline() -> None:
    lines = [("10D60000FF" + "00" * 255, "9000")] * 2 + [("00D600000200" + "00", "9000")]
    below = Below(*lines, answer_s=3.0)
    sent(CommandChaining(below), extended(0x00, 0xD6, 0x00, 0x00, bytes(512)))
    assert below.deadlines == [10.0, 7.0, 4.0]


def test_fetching_shares_one_deadline_with_the_command() -> None:
    below = Below((READ, "6C02"), ("00B08A0002", "6101"), ("00C0000001", "AA9000"), answer_s=4.0)
    sent(ResponseChaining(below), READ)
    assert below.deadlines == [10.0, 6.0, 2.0]


def test_a_card_that_trickles_is_mute() -> None:
    below = Below((READ, "016101"), *[("00C0000001", "016101")] * 9, answer_s=4.0)
    with pytest.raises(CardMute):
        sent(ResponseChaining(below), READ)
    assert below.deadlines == [10.0, 6.0, 2.0]


# --- never twice, and the trace


@pytest.mark.parametrize("answer", ["6C04", "6104", "63C2", "9000", "90"])
@pytest.mark.parametrize("instruction", sorted(SECRET))
def test_a_secret_is_sent_once_whatever_comes_back(instruction: int, answer: str) -> None:
    apdu = bytearray((0x00, instruction, 0x00, 0x98, 0x04)) + b"1234"
    below = Below((apdu.hex(), answer))
    assert play(layered(below, LOG).transmit(apdu, WIRE_S)).hex().upper() == answer
    assert below.heard[0] is apdu, "no copy of it is made"


def test_everything_else_goes_the_other_way() -> None:
    once, others = Below(), Below((READ, "9000"))
    assert sent(NeverTwice(once, others), READ) == "9000"


def test_the_trace_names_what_went_over_the_wire(caplog: pytest.LogCaptureFixture) -> None:
    below = Below((READ, "6C02"), ("00B08A0002", "AABB9000"), ("00200098023132", "63C2"), (READ, "90"))
    with caplog.at_level(logging.DEBUG, LOG.name):
        layers = layered(below, LOG)
        sent(layers, READ)
        sent(layers, "00200098023132")
        with pytest.raises(BadAnswer):
            sent(layers, READ)
    assert caplog.messages == [
        "00B08A0000 -> 0 bytes, 6C02 (ask for 2 bytes)",
        "00B08A0002 -> 2 bytes, 9000 (done)",
        "0020009802 [2 bytes hidden] -> 0 bytes, 63C2 (tries left 2)",
        "00B08A0000 -> 1 bytes",
    ]


def test_no_trace_unless_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, LOG.name)
    assert sent(Traced(Below((READ, "9000")), LOG), READ) == "9000"
    assert caplog.messages == []
