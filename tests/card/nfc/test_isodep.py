"""The chip's blocks, frame by frame. Source: ISO/IEC 14443-3 section 7, ISO/IEC 14443-4 section 7."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.software_card.links.isodep import Apdu, Picc, TypeB

PUPI = bytes.fromhex("11223344")
WHO_IS_THERE, WAKE_UP = bytes.fromhex("050010"), bytes.fromhex("050018")
ATTRIB = bytes.fromhex("1D1122334400080100")
ATTRIB_64 = bytes.fromhex("1D1122334400050100")


def selected(kind: TypeB | None = None, attrib: bytes = ATTRIB) -> Picc:
    picc = Picc(kind, random=lambda _: PUPI)
    assert picc.hear(WHO_IS_THERE) is not None
    assert picc.hear(attrib) == b"\x00"
    return picc


def hear(picc: Picc, frame: str) -> bytes | Apdu | None:
    return picc.hear(bytes.fromhex(frame))


def test_what_the_card_says_of_itself() -> None:
    picc = Picc(TypeB(frame_size_code=5, waiting_time_code=8), random=lambda _: PUPI)
    assert picc.hear(WHO_IS_THERE) == bytes.fromhex("50 11223344 000005E0 B3 51 80")
    assert (picc.kind.frame_size, round(picc.kind.waiting_s, 4)) == (64, 0.0773)


def test_selection() -> None:
    picc = Picc(random=lambda _: PUPI)
    assert picc.hear(ATTRIB) is None, "nobody asked yet"
    assert picc.hear(WHO_IS_THERE) is not None
    assert hear(picc, "1DFFFFFFFF00080100") is None, "another card"
    assert not picc.active
    assert picc.hear(ATTRIB) == b"\x00"
    assert picc.active
    assert picc.hear(WHO_IS_THERE) is None, "a selected card does not say that it is there"


def test_a_deselected_card_has_to_be_woken_up() -> None:
    picc = selected()
    assert hear(picc, "C2") == b"\xc2"
    assert not picc.active
    assert picc.hear(WHO_IS_THERE) is None
    assert picc.hear(WAKE_UP) is not None


def test_a_new_field_is_a_new_card() -> None:
    numbers = iter((PUPI, bytes(4)))
    picc = Picc(random=lambda _: next(numbers))
    first = picc.hear(WHO_IS_THERE)
    picc.field_off()
    assert not picc.active
    assert picc.hear(WHO_IS_THERE) != first


def test_a_command_and_its_answer() -> None:
    picc = selected()
    assert hear(picc, "0200A40000") == Apdu(bytes.fromhex("00A40000"))
    assert picc.answer(b"\x90\x00") == bytes.fromhex("029000")
    assert hear(picc, "03002000") == Apdu(bytes.fromhex("002000"))
    assert picc.answer(b"\x90\x00") == bytes.fromhex("039000")


def test_a_command_in_blocks() -> None:
    picc = selected()
    assert hear(picc, "12AAAA") == bytes.fromhex("A2")
    assert hear(picc, "13BBBB") == bytes.fromhex("A3")
    assert hear(picc, "02CC") == Apdu(bytes.fromhex("AAAABBBBCC"))
    assert picc.answer(b"\x90\x00") == bytes.fromhex("029000")


def test_an_answer_in_blocks() -> None:
    picc = selected(attrib=ATTRIB_64)
    assert hear(picc, "02B0") == Apdu(b"\xb0")
    answer = bytes(range(130))
    assert picc.answer(answer) == b"\x12" + answer[:61]
    assert hear(picc, "A3") == b"\x13" + answer[61:122]
    assert hear(picc, "A3") == b"\x13" + answer[61:122], "rule 11: not heard, sent again"
    assert hear(picc, "A2") == b"\x02" + answer[122:]
    assert hear(picc, "A3") is None, "nothing is left"


def test_a_reader_that_did_not_hear() -> None:
    picc = selected()
    assert hear(picc, "B2") == b"\xa3", "the first block never came: rule 12"
    assert hear(picc, "0200") == Apdu(b"\x00")
    assert hear(picc, "B2") is None, "busy"
    picc.answer(b"\x90\x00")
    assert hear(picc, "B2") == bytes.fromhex("029000"), "rule 11, and nothing is carried out again"
    assert hear(picc, "B3") == b"\xa2", "is the card there?"


def test_more_time() -> None:
    picc = selected()
    hear(picc, "0200")
    assert picc.more_time(10) == bytes.fromhex("F20A")
    assert hear(picc, "F20A") is None
    assert picc.answer(b"\x90\x00") == bytes.fromhex("029000")


def test_a_mute_card_speaks_again_when_powered_again() -> None:
    picc = selected()
    picc.mute()
    for frame in (WHO_IS_THERE, WAKE_UP, ATTRIB, b"\x02\x00", b"\xb2"):
        assert picc.hear(frame) is None
    picc.field_off()
    assert picc.hear(WHO_IS_THERE) is not None


@pytest.mark.parametrize("frame", ["", "0A0000", "E0", "02" + 62 * "00"])
def test_frames_that_are_not_for_this_card(frame: str) -> None:
    """None; with a card number; no such block; longer than the card takes."""
    assert hear(selected(TypeB(frame_size_code=5)), frame) is None


@given(st.lists(st.binary(max_size=70)))
def test_any_frames_at_all(frames: list[bytes]) -> None:
    picc = Picc(random=lambda _: PUPI)
    for frame in (WHO_IS_THERE, ATTRIB, *frames):
        if isinstance(picc.hear(frame), Apdu):
            assert len(picc.answer(bytes(300))) <= 256 - 2


@given(st.binary(min_size=1, max_size=1100), st.binary(min_size=2, max_size=1100), st.sampled_from((0, 5, 8)))
def test_whatever_goes_in_comes_out(command: bytes, response: bytes, code: int) -> None:
    """With a reader of the test's own, at the smallest, a middle and the largest frame."""
    kind = TypeB(frame_size_code=code)
    picc = selected(kind, ATTRIB[:6] + bytes([code]) + ATTRIB[7:])
    size, number = kind.frame_size - 3, 0
    for start in range(0, len(command), size):
        more = start + size < len(command)
        heard = picc.hear(bytes([0x02 | 0x10 * more | number]) + command[start : start + size])
        assert heard == (bytes([0xA2 | number]) if more else Apdu(command))
        number ^= 1
    block = picc.answer(response)
    received = block[1:]
    while block[0] & 0x10:
        reply = picc.hear(bytes([0xA2 | number]))
        assert isinstance(reply, bytes)
        assert len(reply) <= kind.frame_size - 2
        assert reply[0] & 1 == number
        number ^= 1
        block = reply
        received += block[1:]
    assert received == response
