"""案2: symbols made by reversible encryption (可逆暗号). The gateway's default.

Version ‖ AES-SIV (16 tag + 16 text) of person (12) ‖ zeros (4), under a key of its own for each body and version.
There is no associated data: it would only repeat what each key is made of (decision 0039).
Nothing is stored: who steals the gateway's database finds no link in it, who steals the master key finds all for the
symbols he holds. Source: gateway reference, sections 3.1 to 3.3.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols.scheme import NO_SYMBOL, PERSON_BYTES, SYMBOL_BYTES, WrongSymbol, checked_person

PADDING = bytes(4)


class SivScheme:
    """Reversible, keyed by body, authenticated."""

    def __init__(self, master: Master, version: int = 1) -> None:
        self._master = master
        self._version = bytes([version])
        self._keys: dict[str, AESSIV] = {}

    def issue(self, person: bytes, body: str) -> bytes:
        return self._seal(checked_person(person) + PADDING, body)

    def convert(self, symbol: bytes, presented_by: str, to: str) -> tuple[bytes, bytes]:
        text = self._open(symbol, presented_by)
        return text[:PERSON_BYTES], self._seal(text, to)

    def verify(self, symbol: bytes, presented_by: str) -> bytes:
        return self._open(symbol, presented_by)[:PERSON_BYTES]

    def migrate(self, symbol: bytes, presented_by: str) -> bytes:
        return self._seal(self._open(symbol, presented_by), presented_by)

    def apart(self, one: str, other: str) -> bool:
        return one != other

    def close(self) -> None:
        """Nothing is held."""

    def _seal(self, text: bytes, body: str) -> bytes:
        key = self._keys.get(body) or self._key(body)
        return self._version + key.encrypt(text, None)

    def _open(self, symbol: bytes, body: str) -> bytes:
        ours = len(symbol) == SYMBOL_BYTES and symbol[:1] == self._version
        key = self._keys.get(body) or self._key(body)
        try:
            text = key.decrypt(symbol[1:] if ours else NO_SYMBOL[1:], None)
        except InvalidTag as exc:
            raise WrongSymbol from exc
        return text

    def _key(self, body: str) -> AESSIV:
        # Building the key object costs as much as a conversion (gateway reference, section 3.1), so it is kept.
        key = AESSIV(self._master.derive(b"symbol" + self._version + body.encode(), 64))
        self._keys[body] = key
        return key
