"""Whatever happens on the way to the card: no try is lost that the person did not spend, and none is reported lost."""

from __future__ import annotations

import asyncio
from enum import Enum

from hypothesis import given
from hypothesis import strategies as st

from drivers.card.jpki import Jpki
from drivers.errors import CardError, CardGone, CardMute, Pin, PinBlocked, PinWrong, ReaderFault, ServiceDown
from drivers.readers import DEADLINE_S
from tests.card.host.scripted import secret

MAXIMUM = 3
RIGHT, WRONG = b"1234", b"9999"


class Way(Enum):
    """What becomes of one command."""

    GOOD = "good"
    NEVER_ARRIVES = "never arrives"
    ANSWER_LOST = "answer lost"
    ANSWER_CUT = "answer cut"
    NOT_TAKEN = "not taken"
    """The card refuses it for a reason that has nothing to do with the PIN."""


class ShakyCard:
    """A card that counts its tries, at the end of a line that fails as it is told. Implements `CardConnection`."""

    reader = "Shaky"

    def __init__(self, ways: list[tuple[Way, BaseException]]) -> None:
        self._ways = iter(ways)
        self.tries = MAXIMUM
        self.verified = 0
        """VERIFY commands sent, whether they arrived or not."""

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        is_verify = command[1] == 0x20 and len(command) > 4
        self.verified += is_verify
        way, fault = next(self._ways, (Way.GOOD, None))
        if way is Way.NEVER_ARRIVES:
            raise fault
        if way is Way.NOT_TAKEN:
            return bytes.fromhex("6985")
        answer = self._verify(bytes(command[5:])) if is_verify else self._other(command)
        if way is Way.ANSWER_LOST:
            raise fault
        return answer[:1] if way is Way.ANSWER_CUT else answer

    async def close(self) -> None:
        pass

    def _verify(self, pin: bytes) -> bytes:
        if self.tries == 0:
            return bytes.fromhex("6984")
        self.tries = MAXIMUM if pin == RIGHT else self.tries - 1
        return bytes.fromhex("9000") if pin == RIGHT else bytes((0x63, 0xC0 | self.tries))

    def _other(self, command: bytes | bytearray) -> bytes:
        return bytes((0x63, 0xC0 | self.tries)) if command[1] == 0x20 else bytes.fromhex("9000")


faults = st.builds(lambda kind: kind(), st.sampled_from([CardGone, CardMute, ReaderFault, ServiceDown]))
ways = st.lists(st.tuples(st.sampled_from(Way), faults | st.builds(asyncio.CancelledError)), max_size=8)
entries = st.lists(st.sampled_from([RIGHT, WRONG]), min_size=1, max_size=6)


@given(ways, entries)
async def test_one_entry_is_one_verify_and_no_fault_is_a_wrong_pin(
    ways: list[tuple[Way, BaseException]], entries: list[bytes]
) -> None:
    card = ShakyCard([(Way.GOOD, CardGone()), *ways])
    jpki = await Jpki.select(card)
    for entry in entries:
        tries, sent = card.tries, card.verified
        outcome = await _enter(jpki, entry)
        assert card.verified <= sent + 1
        assert card.tries >= tries - 1
        if isinstance(outcome, PinWrong):
            assert entry == WRONG
            assert outcome.tries_left == card.tries == tries - 1
        if isinstance(outcome, PinBlocked):
            assert card.tries == 0
        if outcome is None:
            assert entry == RIGHT


async def _enter(jpki: Jpki, entry: bytes) -> BaseException | None:
    """Type a PIN as a flow does it; what came of it, None if it was right."""
    try:
        with secret(entry) as pin:
            await jpki.tries_left(Pin.USER_AUTHENTICATION)
            await jpki.verify(Pin.USER_AUTHENTICATION, pin)
    except (CardError, asyncio.CancelledError) as exc:
        return exc
    return None
