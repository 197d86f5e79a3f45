"""Keys under which a provider's symbols travel in access tokens: one for each provider and epoch.

The key itself is sealed to the provider once (HPKE takes 56 µs, AES-GCM under the key 0.5 µs; gateway reference,
section 3.3) and travels in every token. It is kept in memory alone and is gone with the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from secrets import token_bytes

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend_client.wire.token import EPOCH_KEY_BYTES, NONCE_BYTES, seal_epoch
from backend_stub.body import Refusal
from backend_stub.machines import Machine

EPOCH = timedelta(minutes=10)


class Epoch:
    """One provider's key for a while. Nonces are counted, so none comes twice."""

    def __init__(self, provider: Machine, until: datetime) -> None:
        if provider.sealing is None:
            raise Refusal("peer_unavailable", provider.id)
        key = token_bytes(EPOCH_KEY_BYTES)
        self.until = until
        self.sealed_key = seal_epoch(key, provider.id, provider.sealing)
        self._key = AESGCM(key)
        self._nonces = count()

    def seal(self, symbols: bytes, bound_to: bytes) -> tuple[bytes, bytes]:
        """Seal symbols for the provider; gives nonce and ciphertext."""
        nonce = next(self._nonces).to_bytes(NONCE_BYTES)
        return nonce, self._key.encrypt(nonce, symbols, bound_to)


class Epochs:
    """The present epoch of each provider."""

    def __init__(self, directory: Mapping[str, Machine]) -> None:
        self._directory = directory
        self._epochs: dict[str, Epoch] = {}

    def of(self, provider: str, now: datetime) -> Epoch:
        """Find the present epoch; begin a new one when it is over. Raises Refusal for a body that is sent nothing."""
        epoch = self._epochs.get(provider)
        if epoch is None or now >= epoch.until:
            epoch = self._epochs[provider] = Epoch(self._directory[provider], now + EPOCH)
        return epoch
