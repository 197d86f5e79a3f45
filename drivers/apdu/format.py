"""Commands and answers as bytes: short and extended, cases 1 to 4. Source: ISO/IEC 7816-3, 12.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from drivers.errors import BadAnswer

HEADER: Final = 4
SHORT_DATA, SHORT_LE = 255, 256
LONGEST_DATA, LONGEST_LE = 0xFFFF, 0x10000


def command(cla: int, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None) -> bytes:
    """Encode a short command; case 1 to 4 follows from what is given. `le` 1-256 is the answer's length."""
    apdu = bytes((cla, ins, p1, p2))
    if data:
        apdu += bytes((len(data),)) + data
    if le is not None:
        apdu += bytes((_checked_le(le, SHORT_LE) & 0xFF,))
    return apdu


def extended(cla: int, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None) -> bytes:
    """Encode an extended command of case 2 to 4: up to 65535 bytes of data, `le` 1-65536.

    The card takes extended data for 80 A2 and extended Le for GET DATA and secure READ only; `CommandChaining` cuts
    other data that is too long. Source: card reference, section 4.
    """
    if not data and le is None:
        raise ValueError("a command without data and without Le has no extended form")
    apdu = bytes((cla, ins, p1, p2, 0))
    if data:
        apdu += len(data).to_bytes(2) + data
    if le is not None:
        apdu += (_checked_le(le, LONGEST_LE) & 0xFFFF).to_bytes(2)
    return apdu


def _checked_le(le: int, longest: int) -> int:
    if not 1 <= le <= longest:
        raise ValueError(f"Le {le} is not 1 to {longest}")
    return le


@dataclass(frozen=True, slots=True)
class Command:
    """A command taken apart, as the layers need it."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None
    is_extended: bool = False

    @classmethod
    def parse(cls, apdu: bytes | bytearray) -> Command:
        """Read what `command` or `extended` has written. Raises ValueError for anything else."""
        if len(apdu) < HEADER:
            raise ValueError(f"a command of {len(apdu)} bytes")
        cla, ins, p1, p2 = apdu[:HEADER]
        body = bytes(apdu[HEADER:])
        is_extended = len(body) > 2 and body[0] == 0
        data, le = _body(body[1:], 2) if is_extended else _body(body, 1)
        return cls(cla, ins, p1, p2, data, le, is_extended)

    def encode(self) -> bytes:
        """The same form again; extended also where the short one is too small."""
        short = len(self.data) <= SHORT_DATA and (self.le or 0) <= SHORT_LE
        write = command if short and not self.is_extended else extended
        return write(self.cla, self.ins, self.p1, self.p2, self.data, self.le)


def _body(body: bytes, width: int) -> tuple[bytes, int | None]:
    """Data and Le of what follows the header, with lengths of `width` bytes."""
    if not body:
        return b"", None
    if len(body) == width:
        return b"", _le(body, width)
    length = int.from_bytes(body[:width])
    data, rest = body[width : width + length], body[width + length :]
    if not length or len(data) != length or len(rest) not in (0, width):
        raise ValueError("a command whose lengths disagree")
    return data, _le(rest, width) if rest else None


def _le(encoded: bytes, width: int) -> int:
    return int.from_bytes(encoded) or 1 << 8 * width


@dataclass(frozen=True, slots=True)
class Response:
    """What the card answered: its data (0-65536 bytes) and the status word."""

    data: bytes
    sw: int

    @classmethod
    def parse(cls, answer: bytes) -> Response:
        """Split data from status word. Raises BadAnswer."""
        if len(answer) < 2:
            raise BadAnswer(f"{len(answer)} bytes where a status word was due")
        return cls(answer[:-2], int.from_bytes(answer[-2:]))

    def encode(self) -> bytes:
        return self.data + self.sw.to_bytes(2)
