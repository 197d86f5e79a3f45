"""Short command and response APDUs (ISO 7816-4). Source: card reference, section 4."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.errors import BadAnswer

OK = 0x9000
NOT_FOUND = 0x6A82

_MEANINGS = {
    OK: "done",
    0x6300: "wrong, tries unlimited",
    0x6700: "wrong length",
    0x6981: "wrong kind of file",
    0x6982: "not allowed before the PIN",
    0x6983: "PIN blocked",
    0x6984: "PIN blocked",
    0x6986: "no current file",
    0x6A81: "function not supported",
    NOT_FOUND: "not found",
    0x6A86: "wrong P1 P2",
    0x6B00: "offset past the end",
    0x6D00: "unknown instruction",
    0x6E00: "unknown class",
    0x6F00: "no precise reason",
}
_TRIES_LEFT = 0x63C0
_CARRIES_A_SECRET = {0x20, 0x24, 0x32}
"""VERIFY, CHANGE REFERENCE DATA and CHANGE KEY: their data never reaches a trace."""


def command(cla: int, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None) -> bytes:
    """Encode a short command; case 1 to 4 follows from what is given. `le` 1-256 is the answer's length."""
    apdu = bytes((cla, ins, p1, p2))
    if data:
        apdu += bytes((len(data),)) + data
    if le is not None:
        if not 1 <= le <= 256:
            raise ValueError(f"Le {le} does not fit a short APDU")
        apdu += bytes((le & 0xFF,))
    return apdu


@dataclass(frozen=True, slots=True)
class Response:
    """What the card answered: 0-256 bytes of data and the status word."""

    data: bytes
    sw: int

    @classmethod
    def parse(cls, answer: bytes) -> Response:
        """Split data from status word. Raises BadAnswer."""
        if len(answer) < 2:
            raise BadAnswer(f"{len(answer)} bytes where a status word was due")
        return cls(answer[:-2], int.from_bytes(answer[-2:]))


def tries_left(sw: int) -> int | None:
    """The tries a 63Cx status word says are left (at most 15), else None."""
    return sw & 0x0F if sw & 0xFFF0 == _TRIES_LEFT else None


def sw_name(sw: int) -> str:
    """The status word in hexadecimal with its meaning, for people who read a trace."""
    tries = tries_left(sw)
    meaning = _MEANINGS.get(sw, "no name") if tries is None else f"tries left {tries}"
    return f"{sw:04X} ({meaning})"


def masked(apdu: bytes | bytearray) -> str:
    """The command in hexadecimal for a trace, without the data of commands that carry a PIN or password."""
    shown = len(apdu) if apdu[1] not in _CARRIES_A_SECRET else min(len(apdu), 5)
    hidden = len(apdu) - shown
    return bytes(apdu[:shown]).hex().upper() + (f" [{hidden} bytes hidden]" if hidden else "")
