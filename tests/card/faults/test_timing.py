"""The time of one exchange, against figures worked out by hand."""

from __future__ import annotations

import asyncio

import pytest

from drivers.readers import DEADLINE_S
from drivers.software_card.card import SoftwareCard
from drivers.software_card.exchange import Exchange
from drivers.software_card.links.inprocess import InProcessReaders
from drivers.software_card.timing import CHIP_S, COMMAND_S, DIVISOR, READER_S, Timing
from tests.flow.virtual_time import play

SELECT, READ, SIGN = bytes.fromhex("00A4040C0AD392F000260100000001"), bytes(5), b"\x80\x2a" + bytes(55)
OK = bytes(2)
TURNS_US = 144 * 16 / 13.56 + 14 * 128 / 13.56
"""Reader to card and back."""


def line_us(timing: Timing, command: bytes, answer: bytes) -> float:
    chip_s = CHIP_S.get(command[1], COMMAND_S)
    return (timing.exchange_s(command, answer) - READER_S - chip_s) * 1e6


@pytest.mark.parametrize(("rate", "etu_us"), [(106, 9.4395), (212, 4.7198), (424, 2.3599), (848, 1.1799)])
def test_one_frame_each_way(rate: int, etu_us: float) -> None:
    # 15 + 3 bytes there, 2 + 3 back, 10 etu each, and 22 etu around each frame
    assert line_us(Timing.type_b(rate), SELECT, OK) == pytest.approx((230 + 44) * etu_us + TURNS_US, rel=1e-4)


def test_a_long_answer_comes_in_two_frames_with_an_acknowledgement() -> None:
    # 258 bytes: 253 and 5, each with 3 of its own; an empty frame in between
    frames_etu = (22 + 80) + (22 + 2560) + (22 + 30) + (22 + 80)
    assert line_us(Timing.type_b(106), READ, bytes(258)) == pytest.approx(frames_etu * 9.4395 + 2 * TURNS_US, rel=1e-4)


def test_a_full_frame_is_one_frame() -> None:
    at, over = (Timing.type_b(106).exchange_s(READ, bytes(length)) for length in (253, 254))
    assert over - at > 10 * Timing.type_b(106).etu_s * 5


def test_the_faster_line_saves_most_of_a_read_and_little_of_a_signature() -> None:
    slow, fast = Timing.type_b(106), Timing.type_b(848)
    assert slow.exchange_s(READ, bytes(258)) > 2.5 * fast.exchange_s(READ, bytes(258))
    assert slow.exchange_s(SIGN, bytes(258)) < 1.2 * fast.exchange_s(SIGN, bytes(258))


def test_only_the_four_rates() -> None:
    assert tuple(DIVISOR) == (106, 212, 424, 848)
    with pytest.raises(KeyError):
        Timing.type_b(100)


@pytest.mark.parametrize("timing", [None, Timing.type_b(106)])
def test_an_exchange_takes_that_time(adult: SoftwareCard, timing: Timing | None) -> None:
    async def story() -> float:
        readers = InProcessReaders(exchange=Exchange(timing=timing))
        readers.insert(adult)
        connection = await readers.connect(readers.names[0])
        assert await connection.transmit(SELECT, DEADLINE_S) == bytes.fromhex("9000")
        return asyncio.get_running_loop().time()

    assert play(story()) == pytest.approx(timing.exchange_s(SELECT, OK) if timing else 0.0, abs=1e-6)
