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
    """Bytes wanted, 1..256; None when the command did not ask for any."""

    @classmethod
    def parse(cls, raw: bytes) -> Command:
        """Read a short-form APDU, cases 1 to 4.

        Raises Refusal 6700 where length and content disagree, and for the extended form: no command served here
        takes it. Source: ISO/IEC 7816-3, section 12.1; card reference, section 11 (6).
        """
        if len(raw) < 4:
            raise status.Refusal(status.WRONG_LENGTH)
        cla, ins, p1, p2 = raw[:4]
        data, le = _body(raw[4:])
        return cls(cla, ins, p1, p2, data, le)


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


def _expected(le: int) -> int:
    return le or 256
