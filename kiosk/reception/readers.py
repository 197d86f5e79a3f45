"""One reader for the staff, the others for patients: neither side ever sees the other's card."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from drivers.card.algorithm import algorithm_of
from drivers.errors import CardError, NotGenuine
from drivers.readers import CardConnection, ReaderEvent, Readers, ServiceAway, ServiceHere
from kiosk.card_watch import CardWatch, Select
from kiosk.desk import Card

CHALLENGE = 32


class Only:
    """Those of some readers whose name is wanted."""

    def __init__(self, readers: Readers, wanted: Callable[[str], bool]) -> None:
        self._readers = readers
        self._wanted = wanted

    async def events(self) -> AsyncIterator[ReaderEvent]:
        async for event in self._readers.events():
            if isinstance(event, ServiceAway | ServiceHere) or self._wanted(event.reader):
                yield event

    async def connect(self, reader: str) -> CardConnection:
        return await self._readers.connect(reader)

    async def close(self) -> None:
        await self._readers.close()


class StaffReader:
    """Reads the cards that are laid down on the staff's reader, when one is asked for."""

    def __init__(self, readers: Readers, select: Select, terminal: Callable[[Card], Awaitable[None]]) -> None:
        self._readers = readers
        self._watch = CardWatch(readers, select)
        self._terminal = terminal

    async def follow(self) -> None:
        """Take in events until cancelled, which lets the reader go."""
        try:
            await self._watch.follow()
        finally:
            await self._readers.close()

    async def next(self) -> str:
        """Wait for a card that is laid down from now on, and is no copy; gives its certificate's fingerprint."""
        self._watch.ignore_present()
        while True:
            version = self._watch.version
            try:
                return await self._read()
            except CardError:
                await self._watch.change(version)

    async def _read(self) -> str:
        seat = await self._watch.seat()
        try:
            certificate = await seat.card.auth_certificate()
            await self._terminal(seat.card)
            algorithm = algorithm_of(certificate)
            nonce = os.urandom(CHALLENGE)
            check(certificate, nonce, await seat.card.sign_for_authentication(nonce, algorithm))
        finally:
            self._watch.ignore_present()  # once, and then it is to be laid down anew
            await seat.connection.close()
        return fingerprint(certificate)


def fingerprint(certificate: bytes) -> str:
    """By which the duty list names a card. A serial would not do: anybody can write one into a certificate."""
    return hashlib.sha256(certificate).hexdigest()


def check(certificate: bytes, nonce: bytes, signature: bytes) -> None:
    """Check that the card holds the certificate's key. Raises NotGenuine."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, nonce, PKCS1v15(), SHA256())
        elif isinstance(key, EllipticCurvePublicKey):
            half = len(signature) // 2
            r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
            key.verify(encode_dss_signature(r, s), nonce, ECDSA(SHA384()))
        else:
            raise NotGenuine
    except InvalidSignature as exc:
        raise NotGenuine from exc
