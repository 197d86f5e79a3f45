"""The one-time key of a QR, and the meeting with the one phone that read it. No sockets; the time is handed in."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

from stb_profile.phone import sealing
from stb_profile.phone.messages import Answer, Hello, Reveal, Why
from stb_profile.phone.sealing import Agreement, NotGenuine

LIFE_S = 120.0
TRIES = 5
KEY_BYTES = 16


class Unwelcome(Exception):
    """A phone is sent away."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Meeting:
    """Commitment, the box's key, the phone's key: in this order nobody in between can search for a key that makes the
    same check number.
    """

    def __init__(self, once: bytes, certificate: bytes, commitment: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # see `sealing`

        self._private = X25519PrivateKey.generate()
        self._once, self._certificate, self._commitment = once, certificate, commitment

    @property
    def answer(self) -> Answer:
        public = sealing.public_bytes(self._private)
        return Answer(public, sealing.prove(self._once, b"box", self._commitment, public))

    def agree(self, reveal: Reveal) -> Agreement:
        """Raises NotGenuine when it is not the key that was committed to."""
        if sha256(reveal.public).digest() != self._commitment:
            raise NotGenuine("commitment")
        return sealing.agree(self._private, reveal.public, self._once, self._certificate, self._commitment)


class Invitation:
    """What one QR stands for: one phone, LIFE_S seconds, TRIES tries with wrong keys."""

    def __init__(self, certificate: bytes, now_s: float) -> None:
        """`certificate` is the SHA-256 of the box's; `now_s` by the clock that `meet` will be told the time of."""
        self._once = secrets.token_bytes(KEY_BYTES)
        self._certificate = certificate
        self._until_s = now_s + LIFE_S
        self._tries = TRIES
        self.used = False

    @property
    def fragment(self) -> str:
        """What stands behind the # of the address: it never reaches a server."""
        return f"k={_text(self._once)}&s={_text(self._certificate)}"

    @property
    def spent(self) -> bool:
        """Whether too many wrong keys have come."""
        return self._tries == 0

    def over(self, now_s: float) -> bool:
        return now_s >= self._until_s

    def meet(self, hello: Hello, now_s: float) -> Meeting:
        """Uses the key up. Raises Unwelcome."""
        if self.over(now_s) or self.spent:
            raise Unwelcome(Why.TOO_LATE)
        try:
            sealing.check_proof(hello.proof, self._once, b"hello", hello.commitment)
        except NotGenuine as exc:
            self._tries -= 1
            raise Unwelcome(Why.WRONG_KEY) from exc
        if self.used:
            raise Unwelcome(Why.USED)
        self.used = True
        return Meeting(self._once, self._certificate, hello.commitment)


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
