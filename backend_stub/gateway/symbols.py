"""Symbols (符号): what a body calls a person, meaningless to every other body.

Symbol = version (1 byte) ‖ AES-SIV (16 tag + 16 text) of person (12) ‖ epoch (2) ‖ reserved (2), under a key of its
own for each body. Nothing is stored: who steals the gateway's database finds no link in it, who steals the master key
finds all for the symbols he holds. Source: gateway reference, section 3.3.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from backend_stub.gateway.master import Master

VERSION = b"\x01"
PERSON_BYTES = 12
SYMBOL_BYTES = 33
EPOCH = b"\x00\x00"
"""Moves on when one person's symbols are issued anew; conversion carries it along."""
RESERVED = b"\x00\x00"


class WrongSymbol(Exception):
    """This symbol was never issued to who presents it: forged, another body's, or of another version."""


class SymbolScheme(Protocol):
    """A way to make symbols. Persons are 12 bytes, symbols 33 bytes; both are hex or Base64 only on the wire."""

    def issue(self, person: bytes, body: str) -> bytes:
        """Make the symbol by which `body` calls `person`; the same one each time."""

    def convert(self, symbol: bytes, presented_by: str, to: str) -> bytes:
        """Turn one body's symbol into another's for the same person. Raises WrongSymbol."""

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        """Find the person a symbol stands for. Raises WrongSymbol."""


class SivScheme:
    """案2 of the 2011 working-group report: reversible, keyed by body, authenticated."""

    def __init__(self, master: Master) -> None:
        self._master = master
        self._keys: dict[str, AESSIV] = {}

    def issue(self, person: bytes, body: str) -> bytes:
        if len(person) != PERSON_BYTES:
            raise ValueError("a person is 12 bytes")
        return self._seal(person + EPOCH + RESERVED, body)

    def convert(self, symbol: bytes, presented_by: str, to: str) -> bytes:
        return self._seal(self._open(symbol, presented_by), to)

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        return self._open(symbol, presented_by)[:PERSON_BYTES]

    def _seal(self, text: bytes, body: str) -> bytes:
        return VERSION + self._key(body).encrypt(text, _bound_to(body))

    def _open(self, symbol: bytes, body: str) -> bytes:
        if len(symbol) != SYMBOL_BYTES or symbol[:1] != VERSION:
            raise WrongSymbol
        try:
            return self._key(body).decrypt(symbol[1:], _bound_to(body))
        except InvalidTag as exc:
            raise WrongSymbol from exc

    def _key(self, body: str) -> AESSIV:
        # Building the key object costs as much as a conversion (gateway reference, section 3.1), so it is kept.
        key = self._keys.get(body)
        if key is None:
            key = self._keys[body] = AESSIV(self._master.derive(b"symbol" + VERSION + body.encode(), 64))
        return key


def _bound_to(body: str) -> list[bytes]:
    return [b"sym", VERSION, body.encode()]


def from_hex(text: str) -> bytes:
    """Read a symbol off the wire. Raises WrongSymbol unless it is lower-case hex."""
    try:
        symbol = bytes.fromhex(text)
    except ValueError as exc:
        raise WrongSymbol from exc
    if symbol.hex() != text:
        raise WrongSymbol
    return symbol
