"""What every way to make symbols must do.

A symbol is 33 bytes: the version (1 byte, so that keys and schemes can be replaced) ‖ 32 bytes of the scheme's own.
Source: gateway reference, section 3.3; the cases are those of the 2011 report, section 1 there.
"""

from __future__ import annotations

from typing import Protocol

PERSON_BYTES = 12
SYMBOL_BYTES = 33
NO_SYMBOL = bytes(SYMBOL_BYTES)
"""Looked at in the place of what has not even the form of a symbol, so that its refusal takes as long as any other."""


class WrongSymbol(Exception):
    """This symbol was never issued to who presents it: forged, unknown or another body's. Which, is not told."""


class OldSymbol(Exception):
    """Genuine, and its presenter's own, but of a version that is no longer taken: it can only be migrated."""


class SchemeRefused(Exception):
    """This scheme is not built, and why."""


class SymbolScheme(Protocol):
    """A way to make symbols. Persons are 12 bytes, symbols 33 bytes; both are hex or Base64 only on the wire.

    Refusing takes the same work whatever is wrong with a symbol.
    """

    def issue(self, person: bytes, body: str) -> bytes:
        """Make the symbol by which `body` calls `person`; the same one each time. Raises ValueError, DBAPIError."""

    def convert(self, symbol: bytes, presented_by: str, to: str) -> tuple[bytes, bytes]:
        """Find the person a symbol stands for, and what `to` calls that person. Raises WrongSymbol, OldSymbol."""

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        """Find the person a symbol stands for. Raises WrongSymbol, OldSymbol."""

    def migrate(self, symbol: bytes, presented_by: str) -> bytes:
        """Give the present symbol for one of any known version; for the present one itself. Raises WrongSymbol."""

    def apart(self, one: str, other: str) -> bool:
        """Whether two bodies call a person differently, so that they cannot link and a foreign symbol is noticed."""

    def close(self) -> None:
        """Let go of connections; they come back when they are needed."""


def checked_person(person: bytes) -> bytes:
    """Raises ValueError unless it has the length of a person."""
    if len(person) != PERSON_BYTES:
        raise ValueError("a person is 12 bytes")
    return person


def from_hex(text: str) -> bytes:
    """Read a symbol off the wire: lower-case hex. What is none gives NO_SYMBOL, which no scheme takes."""
    try:
        symbol = bytes.fromhex(text)
    except ValueError:
        return NO_SYMBOL
    return symbol if len(symbol) == SYMBOL_BYTES and symbol.hex() == text else NO_SYMBOL
