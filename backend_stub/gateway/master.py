"""The gateway's master secret: a file of its own, and the keys derived from it."""

from __future__ import annotations

from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend_stub.keyfile import keep


class Master:
    """32 random bytes that never leave this object; an HSM would stand behind the same `derive`."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def kept_in(cls, folder: Path) -> Master:
        """Read `master.key` (mode 0600), made at first start."""
        return cls(keep(folder / "master.key", lambda: token_bytes(32)))

    def derive(self, purpose: bytes, length: int) -> bytes:
        """Derive the key for one purpose (HKDF with SHA-256)."""
        return HKDF(SHA256(), length, salt=None, info=purpose).derive(self._secret)
