"""What an operator may do with the card in a real reader, each deed with a typed result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from drivers.card.jpki import Jpki
from drivers.errors import BadAnswer, CardError, CardGone, NoReader, NotOurCard, Pin, PinBlocked, ServiceDown
from drivers.readers import Readers
from drivers.secret import Secret
from kiosk.card_certificate import CertificateFacts, certificate_facts
from kiosk.card_watch import CardWatch, Seat

PROMPT_S = 1.0
"""How long a card that lies there already may take to be found before a person is asked for one."""

AskPin = Callable[[Pin, int], Secret]
"""Which secret, and how many tries are left (at least 1) -> what was typed; the deed wipes it."""


@dataclass(frozen=True, slots=True)
class OurCard:
    """The JPKI application, selected on the card in `reader`."""

    reader: str
    jpki: Jpki


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries left; 0 is blocked, None a card without that secret."""

    pin: int | None
    password: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    reader: str
    label: str
    """What the application calls itself; JPKIAPICCTOKEN2 is an Individual Number Card."""
    tries: Tries
    certificate: CertificateFacts
    """Of 利用者証明用電子証明書."""


@dataclass(frozen=True, slots=True)
class Verified:
    reader: str
    secret: str


@dataclass(frozen=True, slots=True)
class Signed:
    reader: str
    key: str
    algorithm: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class CertificateRead:
    reader: str
    certificate: str
    pem: str


class Key(Enum):
    """The card's two keys, and with each the secret that opens it."""

    AUTH = "auth"
    SIGN = "sign"

    @property
    def pin(self) -> Pin:
        return Pin.USER_AUTHENTICATION if self is Key.AUTH else Pin.DIGITAL_SIGNATURE


class CertificateName(Enum):
    AUTH = "auth"
    AUTH_CA = "auth-ca"
    SIGN = "sign"
    SIGN_CA = "sign-ca"


@asynccontextmanager
async def watching(readers: Readers) -> AsyncIterator[CardWatch]:
    """Follow the readers while the block runs; every card is let go and the readers are closed after it."""
    watch = CardWatch(readers, Jpki.select)
    following = asyncio.create_task(watch.follow())
    try:
        yield watch
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        await readers.close()


@asynccontextmanager
async def our_card(readers: Readers, wait_s: float, prompt: Callable[[], None]) -> AsyncIterator[OurCard]:
    """The first card with a JPKI application, whichever reader it is in.

    `prompt` is called once when none is found soon. After `wait_s` raises what told most: ServiceDown, NoReader,
    NotOurCard, CardGone; at once ReaderBusy, CardMute and other failures of a card that lies there.
    """
    async with watching(readers) as watch:
        handle = asyncio.get_running_loop().call_later(PROMPT_S, prompt)
        try:
            seat = await _wait_for_seat(watch, wait_s)
        finally:
            handle.cancel()
        yield selected(seat)


def selected(seat: Seat) -> OurCard:
    assert isinstance(seat.card, Jpki)  # noqa: S101 - `watching` selects nothing else
    return OurCard(seat.reader, seat.card)


async def _wait_for_seat(watch: CardWatch, wait_s: float) -> Seat:
    reason: CardError = ServiceDown()
    try:
        async with asyncio.timeout(wait_s):
            while True:
                version = watch.version
                try:
                    return await watch.seat()
                except (ServiceDown, NoReader, NotOurCard, CardGone) as exc:
                    reason = exc if version else reason
                await watch.change(version)
    except TimeoutError:
        raise reason from None


async def show(card: OurCard, now: datetime) -> Shown:
    """Use no try and no secret."""
    token = await card.jpki.token_info()
    certificate = certificate_facts(await card.jpki.auth_certificate(), now)
    return Shown(card.reader, token.label, await tries(card.jpki), certificate)


async def tries(jpki: Jpki) -> Tries:
    there = await jpki.availability()
    return Tries(
        pin=await jpki.tries_left(Pin.USER_AUTHENTICATION) if there.user_authentication else None,
        password=await jpki.tries_left(Pin.DIGITAL_SIGNATURE) if there.digital_signature else None,
    )


async def verify_pin(card: OurCard, key: Key, ask: AskPin) -> Verified:
    """At most one try. Raises PinBlocked before anything is asked, PinWrong."""
    await _verify(card.jpki, key.pin, ask)
    return Verified(card.reader, key.pin.value)


async def sign(card: OurCard, key: Key, message: bytes, ask: AskPin) -> Signed:
    """RS256 after one VERIFY. With Key.SIGN it is the holder's legal signature."""
    await _verify(card.jpki, key.pin, ask)
    make = card.jpki.sign_for_authentication if key is Key.AUTH else card.jpki.sign_document
    return Signed(card.reader, key.value, "RS256", await make(message))


async def read(card: OurCard, name: CertificateName, ask: AskPin) -> CertificateRead:
    """One certificate; the 署名用電子証明書 names its holder and needs the password."""
    if name is CertificateName.SIGN:
        await _verify(card.jpki, Pin.DIGITAL_SIGNATURE, ask)
    files = {
        CertificateName.AUTH: card.jpki.auth_certificate,
        CertificateName.AUTH_CA: card.jpki.auth_ca_certificate,
        CertificateName.SIGN: card.jpki.sign_certificate,
        CertificateName.SIGN_CA: card.jpki.sign_ca_certificate,
    }
    return CertificateRead(card.reader, name.value, _pem(await files[name]()))


async def _verify(jpki: Jpki, pin: Pin, ask: AskPin) -> None:
    left = await jpki.tries_left(pin)
    if left == 0:
        raise PinBlocked(pin)
    with ask(pin, left) as secret:
        await jpki.verify(pin, secret)


def _pem(der: bytes) -> str:
    try:
        return load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode("ascii")
    except ValueError as exc:
        raise BadAnswer("no certificate") from exc
