"""A result for a phone to take home: a file that only the QR opens, once, for ten minutes."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

LIFE_S = 600.0
NAME_BYTES = 16
KEY_BYTES = 16
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True, repr=False)
class Handover:
    """`path` goes to the gate's address, with the key behind the #: the gate never has it."""

    name: str
    key: bytes
    sealed: bytes

    @property
    def path(self) -> str:
        return f"/r/{self.name}#k={urlsafe_b64encode(self.key).rstrip(b'=').decode()}"


def seal(text: str) -> Handover:
    """A text, as UTF-8, under a key and a name of its own."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # see `sealing`

    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    name = secrets.token_urlsafe(NAME_BYTES)
    return Handover(name, key, nonce + AESGCM(key).encrypt(nonce, text.encode(), name.encode()))


class Shelf:
    """The gate's: files that wait for their one download."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._files: dict[str, tuple[bytes, float]] = {}

    def put(self, name: str, sealed: bytes) -> None:
        self._files[name] = sealed, self._clock() + LIFE_S

    def has(self, name: str) -> bool:
        return name in self._files and self._clock() < self._files[name][1]

    def take(self, name: str) -> bytes | None:
        """Gone afterwards; None where there is none, any more or in time."""
        there = self.has(name)
        sealed, _ = self._files.pop(name, (b"", 0.0))
        return sealed if there else None
