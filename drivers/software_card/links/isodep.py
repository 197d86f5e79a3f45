"""The chip's side of ISO-DEP over Type B: from frames to whole commands and back. Does no input or output.

Source: ISO/IEC 14443-3, section 7 (selection) and ISO/IEC 14443-4, section 7 (blocks, chaining and their rules).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_SENSB_REQ, _SENSB_RES, _ATTRIB = 0x05, 0x50, 0x1D
_WAKE_UP: Final = 0x08
_I, _ACK, _NAK = 0x02, 0xA2, 0xB2
_DESELECT, _WTX = 0xC2, 0xF2
_CHAINED: Final = 0x10
_FRAME_SIZES: Final = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_OVERHEAD: Final = 1 + 2
"""Protocol control byte and CRC_B. The CRC is the reader's business and never seen here."""


@dataclass(frozen=True, slots=True)
class TypeB:
    """What the card says of itself while it is being selected. Source: card reference, section 2 (contactless ATRs)."""

    application: bytes = bytes.fromhex("000005E0")
    rates: int = 0xB3
    frame_size_code: int = 8
    """FSCI: the longest frame the card takes; 8 is 256 bytes, CRC included, 5 is 64."""
    waiting_time_code: int = 10
    """FWI: how long the reader waits for an answer; 10 is 309 ms, one less is half of it."""

    @property
    def frame_size(self) -> int:
        return _FRAME_SIZES[self.frame_size_code]

    @property
    def waiting_s(self) -> float:
        return 4096 / 13_560_000 * 2.0**self.waiting_time_code

    def sensb_res(self, pupi: bytes) -> bytes:
        # Last nibble 0: real cards say 1, that they can share the field under a card number (CID). This one cannot.
        protocol = bytes((self.rates, self.frame_size_code << 4 | 1, self.waiting_time_code << 4))
        return bytes([_SENSB_RES]) + pupi + self.application + protocol


@dataclass(frozen=True, slots=True)
class Apdu:
    """A whole command; the card is busy until `Picc.answer`."""

    command: bytes


class _State(Enum):
    IDLE = auto()
    READY = auto()
    ACTIVE = auto()
    BUSY = auto()
    HALTED = auto()
    MUTE = auto()


class Picc:
    """One chip in a field, from frame to frame."""

    def __init__(self, kind: TypeB | None = None, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """`random` makes the PUPI, another one each time the field comes on."""
        self.kind = kind or TypeB()
        self._random = random
        self.field_off()

    def field_off(self) -> None:
        """Forget everything, also having been muted."""
        self._state = _State.IDLE
        self._pupi = self._random(4)
        self._reader_frame = _FRAME_SIZES[0]
        self._number = 1
        self._last = b""
        self._command = bytearray()
        self._rest = b""

    def mute(self) -> None:
        """Say nothing more until the field goes off."""
        self._state = _State.MUTE

    @property
    def active(self) -> bool:
        """Selected, so that the chip is at work."""
        return self._state in (_State.ACTIVE, _State.BUSY)

    def hear(self, frame: bytes) -> bytes | Apdu | None:
        """Take one frame without CRC; return the frame to send, a command to carry out, or None for silence."""
        if not frame or len(frame) > self.kind.frame_size - 2:
            return None
        if self._state is _State.ACTIVE:
            return self._hear_block(frame[0], frame[1:])
        if self._state in (_State.BUSY, _State.MUTE):
            return None  # busy: the reader's leave to take more time needs no answer
        return self._hear_selection(frame)

    def answer(self, response: bytes) -> bytes:
        """The first frame of the answer to the last command."""
        self._state = _State.ACTIVE
        self._rest = response
        return self._next_block()

    def more_time(self, multiplier: int) -> bytes:
        """The frame that asks the reader to wait `multiplier` (1 to 59) times the waiting time, from now."""
        return bytes((_WTX, multiplier))

    def _hear_selection(self, frame: bytes) -> bytes | None:
        if frame[0] == _SENSB_REQ and len(frame) == 3:
            if self._state is _State.HALTED and not frame[2] & _WAKE_UP:
                return None
            self._state = _State.READY
            return self.kind.sensb_res(self._pupi)
        if self._state is _State.READY and len(frame) >= 9 and frame[:5] == bytes([_ATTRIB]) + self._pupi:
            self._state = _State.ACTIVE
            self._reader_frame = _FRAME_SIZES[min(frame[6] & 0x0F, len(_FRAME_SIZES) - 1)]
            return b"\x00"
        return None

    def _hear_block(self, pcb: int, content: bytes) -> bytes | Apdu | None:
        if pcb & 0xEE == _I:
            return self._hear_information(bool(pcb & _CHAINED), content)
        if pcb & 0xFE in (_ACK, _NAK):
            return self._hear_receipt(pcb & 0xFE, pcb & 1)
        if pcb == _DESELECT:
            self.field_off()
            self._state = _State.HALTED
            return bytes([_DESELECT])
        return None

    def _hear_information(self, chained: bool, content: bytes) -> bytes | Apdu:
        self._number ^= 1  # rule D
        self._command += content
        if chained:
            return self._send(bytes([_ACK | self._number]))
        command = bytes(self._command)
        self._command.clear()
        self._state = _State.BUSY
        return Apdu(command)

    def _hear_receipt(self, kind: int, number: int) -> bytes | None:
        if number == self._number:
            return self._last or None  # rule 11: it was not heard
        if kind == _NAK:
            return bytes([_ACK | self._number])  # rule 12, and how a reader asks whether the card is there
        if not self._rest:
            return None
        self._number ^= 1  # rule E
        return self._next_block()

    def _next_block(self) -> bytes:
        size = self._reader_frame - _OVERHEAD
        content, self._rest = self._rest[:size], self._rest[size:]
        chained = _CHAINED if self._rest else 0
        return self._send(bytes([_I | chained | self._number]) + content)

    def _send(self, frame: bytes) -> bytes:
        self._last = frame
        return frame
