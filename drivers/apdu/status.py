"""Status words, and what they mean. Source: ISO/IEC 7816-4, 5.6; card reference, section 4."""

from __future__ import annotations

from typing import Final

OK: Final = 0x9000
NOT_FOUND: Final = 0x6A82

_MEANINGS = {
    OK: "done",
    0x6300: "wrong, tries unlimited",
    0x6700: "wrong length",
    0x6981: "wrong kind of file",
    0x6982: "not allowed before the PIN",
    0x6983: "PIN blocked",
    0x6984: "PIN blocked",
    0x6985: "not now",
    0x6986: "no current file",
    0x6988: "secure messaging broken",
    0x6A81: "function not supported",
    NOT_FOUND: "not found",
    0x6A83: "no such record",
    0x6A86: "wrong P1 P2",
    0x6A88: "no such data object",
    0x6B00: "offset past the end",
    0x6D00: "unknown instruction",
    0x6E00: "unknown class",
    0x6F00: "no precise reason",
}
_TRIES_LEFT: Final = 0x63C0
_MORE: Final = 0x61
_OTHER_LE: Final = 0x6C


def tries_left(sw: int) -> int | None:
    """The tries a 63Cx status word says are left (at most 15), else None."""
    return sw & 0x0F if sw & 0xFFF0 == _TRIES_LEFT else None


def more_waiting(sw: int) -> int | None:
    """The bytes, 1-256, that a 61xx status word says can be fetched at once, else None."""
    return _length(sw) if sw >> 8 == _MORE else None


def right_le(sw: int) -> int | None:
    """The Le, 1-256, that a 6Cxx status word says should have been asked for, else None."""
    return _length(sw) if sw >> 8 == _OTHER_LE else None


def sw_name(sw: int) -> str:
    """The status word in hexadecimal with its meaning, for people who read a trace."""
    return f"{sw:04X} ({_meaning(sw)})"


def _meaning(sw: int) -> str:
    if (tries := tries_left(sw)) is not None:
        return f"tries left {tries}"
    if (more := more_waiting(sw)) is not None:
        return f"{more} bytes more"
    if (le := right_le(sw)) is not None:
        return f"ask for {le} bytes"
    return _MEANINGS.get(sw, "no name")


def _length(sw: int) -> int:
    return sw & 0xFF or 256
