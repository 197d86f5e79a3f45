"""How long a real card in the field of a reader takes, so that a wait can be felt. Off unless asked for.

The line's figures are minima of ISO/IEC 14443 for Type B; what a chip and a reader do with their time is published for
no Individual Number Card, and the figures for it are assumptions, named as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CARRIER_HZ: Final = 13_560_000
"""Source: ISO/IEC 14443-2."""
DIVISOR: Final = {106: 128, 212: 64, 424: 32, 848: 16}
"""Bit rate in kbit/s -> carrier cycles a bit (etu). Source: ISO/IEC 14443-2."""
_BYTE_ETU: Final = 10
"""Start bit, 8 bits, stop bit; no guard time between bytes, the least allowed. Source: ISO/IEC 14443-3."""
_FRAME_ETU: Final = (10 + 2) + 10
"""Start and end of frame, the shortest allowed. Source: ISO/IEC 14443-3."""
_FRAME_BYTES: Final = 1 + 2
"""Protocol control byte and CRC_B, without CID and NAD. Source: ISO/IEC 14443-4."""
_BLOCK: Final = 256 - _FRAME_BYTES
"""Information bytes in one frame at the largest frame size that every reader has. Source: ISO/IEC 14443-3, -4."""
_TO_CARD_S: Final = (64 + 80) * 16 / CARRIER_HZ
"""TR0 and TR1: from the reader's frame to the card's, at least. Source: ISO/IEC 14443-3."""
_TO_READER_S: Final = 14 * 128 / CARRIER_HZ
"""From the card's frame to the reader's, at least 14 etu at 106 kbit/s. Source: ISO/IEC 14443-3."""

READER_S: Final = 0.004
"""ASSUMPTION: a USB reader's firmware and bus, for each APDU."""
COMMAND_S: Final = 0.005
"""ASSUMPTION: the chip's work on a command that computes nothing."""
CHIP_S: Final = {0x20: 0.020, 0x24: 0.030, 0x2A: 0.350}
"""ASSUMPTION: instruction -> the chip's work. VERIFY writes its counter; an RSA-2048 signature (CRT) takes a fraction
of a second on the coprocessors of ID cards."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One bit rate in both directions, and what chip and reader take. Seconds."""

    etu_s: float
    reader_s: float = READER_S
    command_s: float = COMMAND_S

    @classmethod
    def type_b(cls, rate: int) -> Timing:
        """At 106, 212, 424 or 848 kbit/s. Raises KeyError for another rate."""
        return cls(DIVISOR[rate] / CARRIER_HZ)

    def exchange_s(self, command: bytes, answer: bytes) -> float:
        """From the host's command to the answer at the host."""
        chip_s = CHIP_S.get(command[1], self.command_s) if len(command) > 1 else self.command_s
        line_s = self._chain_s(len(command)) + self._chain_s(len(answer))
        return self.reader_s + chip_s + line_s + _TO_CARD_S + _TO_READER_S

    def _chain_s(self, length: int) -> float:
        """One direction: a frame for each block, and between two of them the other side's acknowledgement."""
        blocks = max(1, -(-length // _BLOCK))
        acknowledgements = blocks - 1
        frames_s = (blocks + acknowledgements) * self._frame_s(0) + length * _BYTE_ETU * self.etu_s
        return frames_s + acknowledgements * (_TO_CARD_S + _TO_READER_S)

    def _frame_s(self, length: int) -> float:
        return (_FRAME_ETU + (length + _FRAME_BYTES) * _BYTE_ETU) * self.etu_s
