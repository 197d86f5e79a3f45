"""A command APDU as the chip reads it.

The chip has its own parser, apart from the host's writer, so that a mistake in one cannot hide in the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.software_card import status


@dataclass(frozen=True, slots=True)
class Command:
    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(repr=False)
    le: int | None
    """Bytes wanted, 1..256, or to 65536 in the extended form; None when the command did not ask for any."""
    extended: bool = False

    @classmethod
    def parse(cls, raw: bytes) -> Command:
        """Read an APDU, cases 1 to 4, short or extended.

        Raises Refusal 6700 where length and content disagree. Source: ISO/IEC 7816-3, section 12.1; card reference,
        section 11 (6).
        """
        if len(raw) < 4:
            raise status.Refusal(status.WRONG_LENGTH)
        cla, ins, p1, p2 = raw[:4]
        body = raw[4:]
        if len(body) >= 3 and body[0] == 0:
            return cls(cla, ins, p1, p2, *_extended_body(body[1:]), extended=True)
        return cls(cla, ins, p1, p2, *_body(body))


def _body(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", _expected(body[0])
    lc = body[0]
    data, rest = body[1 : 1 + lc], body[1 + lc :]
    if lc == 0 or len(data) != lc or len(rest) > 1:
        raise status.Refusal(status.WRONG_LENGTH)
    return data, _expected(rest[0]) if rest else None


def _extended_body(body: bytes) -> tuple[bytes, int | None]:
    if len(body) == 2:
        return b"", int.from_bytes(body, "big") or 0x10000
    lc = int.from_bytes(body[:2], "big")
    data, rest = body[2 : 2 + lc], body[2 + lc :]
    if lc == 0 or len(data) != lc or len(rest) not in (0, 2):
        raise status.Refusal(status.WRONG_LENGTH)
    return data, (int.from_bytes(rest, "big") or 0x10000) if rest else None


def _expected(le: int) -> int:
    return le or 256
