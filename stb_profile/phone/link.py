"""A paired phone: its roles, its connection, and its returns after sleep. No sockets; the time is handed in."""

from __future__ import annotations

import secrets

import msgspec

from stb_profile.phone import messages, sealing
from stb_profile.phone.messages import Return, Role, Welcome
from stb_profile.phone.sealing import KEY, Agreement, Channel

RETURN_S = 120.0
"""A phone may sleep for so long; then it must be paired anew."""
SILENT_S = 15.0
"""A connection without a sign of life for so long is given up. The page gives one every 5 s while it is seen."""
NONCE_BYTES = 16


class Link:
    """From the meeting until the pairing ends."""

    def __init__(self, agreement: Agreement, connection: int, now_s: float) -> None:
        self.roles: frozenset[Role] = frozenset()
        self.connection: int | None = connection
        """The phone's, None while it sleeps."""
        self._agreement = agreement
        self._channel = Channel(agreement.to_box, agreement.to_phone)
        self._heard_s = now_s

    def seal(self, message: messages.FROM_BOX) -> bytes:
        return self._channel.seal(bytes((messages.SAID,)) + msgspec.json.encode(message))

    def open(self, frame: bytes, now_s: float) -> bytearray:
        """The caller wipes it. Raises NotGenuine."""
        plain = self._channel.open(frame)
        self._heard_s = now_s
        return plain

    def welcome(self, asked: Return) -> tuple[Welcome, Channel]:
        """The answer to a phone that comes back, and keys that no frame has been sealed with. Raises NotGenuine."""
        sealing.check_proof(asked.proof, self._agreement.returning, b"return", asked.nonce)
        nonce = secrets.token_bytes(NONCE_BYTES)
        proof = sealing.prove(self._agreement.returning, b"welcome", asked.nonce, nonce)
        keys = sealing.derive(self._agreement.returning, asked.nonce + nonce, b"again", b"", 2 * KEY)
        return Welcome(nonce, proof), Channel(keys[:KEY], keys[KEY:])

    def returned(self, connection: int, channel: Channel, now_s: float) -> None:
        """From now on the phone is there. Only once it has sealed something: a played-back Return changes nothing."""
        self.connection, self._channel, self._heard_s = connection, channel, now_s

    def asleep(self) -> None:
        self.connection = None

    def silent(self, now_s: float) -> bool:
        return self.connection is not None and now_s - self._heard_s > SILENT_S

    def gone(self, now_s: float) -> bool:
        return self.connection is None and now_s - self._heard_s > RETURN_S
