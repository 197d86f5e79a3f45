"""Whose visit this is: a hash of the authentication certificate, and nothing more."""

from __future__ import annotations

from hashlib import sha256

from drivers.card.algorithm import Algorithm
from drivers.errors import CardGone, Pin
from drivers.secret import Secret
from kiosk.desk import Card


class Holder:
    """Unknown until a step has read the certificate; the same for the rest of the visit."""

    def __init__(self) -> None:
        self._digest: bytes | None = None

    async def has(self, card: Card) -> bool:
        """Whether `card` is the holder's. Any card is, while nobody is known: nothing was asked or shown yet."""
        return self._digest is None or self.note(await card.auth_certificate())

    def note(self, certificate: bytes) -> bool:
        """Remember the first certificate; False for another one later."""
        digest = sha256(certificate).digest()
        if self._digest is None:
            self._digest = digest
        return digest == self._digest


class HoldersCard:
    """A card as a step sees it: the same, but its certificate goes past the holder."""

    def __init__(self, card: Card, holder: Holder) -> None:
        self._card = card
        self._holder = holder

    @property
    def bare(self) -> Card:
        """The card itself, for a terminal that opens its key."""
        return self._card

    async def tries_left(self, pin: Pin) -> int:
        return await self._card.tries_left(pin)

    async def verify(self, pin: Pin, secret: Secret) -> None:
        await self._card.verify(pin, secret)

    @property
    def reader_has_keys(self) -> bool:
        return self._card.reader_has_keys

    async def verify_on_reader(self, pin: Pin, deadline_s: float) -> None:
        await self._card.verify_on_reader(pin, deadline_s)

    async def auth_certificate(self) -> bytes:
        """Raises CardGone when another card answers: the one this visit is about is no longer there."""
        certificate = await self._card.auth_certificate()
        if not self._holder.note(certificate):
            raise CardGone
        return certificate

    async def sign_for_authentication(self, message: bytes, algorithm: Algorithm) -> bytes:
        return await self._card.sign_for_authentication(message, algorithm)

    async def sign_certificate(self) -> bytes:
        return await self._card.sign_certificate()

    async def sign_ca_certificate(self) -> bytes:
        return await self._card.sign_ca_certificate()

    async def sign_document(self, message: bytes, algorithm: Algorithm) -> bytes:
        return await self._card.sign_document(message, algorithm)
