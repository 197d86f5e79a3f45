"""Asking for own information: a key for one asking, and what was sealed to it. HPKE (RFC 9180).

The key and what it opened live as long as whoever holds them: nothing is kept here. Heavy (cryptography): imported with
the first asking.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date

import msgspec

from backend_client import wire
from backend_client.errors import Broken


@dataclass(frozen=True, slots=True, repr=False)
class OwnInformation:
    """What one holder answered."""

    outcome: wire.Outcome
    data_as_of: date | None
    payload: dict[str, str]
    """By the fields' Japanese names; empty without an automatic answer."""


class Asking:
    """One key, for one answer."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self._private = X25519PrivateKey.generate()
        self.key = b64encode(self._private.public_key().public_bytes_raw()).decode()
        """For the request."""

    def open(self, answer: wire.OwnAnswer) -> OwnInformation:
        """Raises Broken for what was not sealed to this key and for this answer's transaction number."""
        if answer.outcome is wire.Outcome.NO_AUTOMATIC_ANSWER:
            return OwnInformation(answer.outcome, None, {})
        content = self._opened(answer)
        if content.transaction_number != answer.transaction_number:
            raise Broken("an answer to something else")
        return OwnInformation(answer.outcome, answer.data_as_of, content.payload)

    def _opened(self, answer: wire.OwnAnswer) -> wire.Content:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)  # as the holders seal
        try:
            sealed = b64decode(answer.sealed, validate=True)
            opened = suite.decrypt(sealed, self._private, answer.transaction_number.encode())
            return msgspec.json.decode(opened, type=wire.Content)
        except (InvalidTag, ValueError) as exc:  # msgspec's and Base64's errors are ValueErrors
            raise Broken("an answer that this key does not open") from exc
