"""What an operator may do with the card in a real reader: find it, show it, try a secret, sign."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar

from drivers.card.algorithm import algorithm_of
from drivers.card.application import CardApplication
from drivers.card.jpki import Jpki
from drivers.card.pin_pad import TypedOnReader
from drivers.errors import CardError, CardGone, NoReader, NotOurCard, Pin, PinBlocked, ServiceDown
from drivers.readers import Readers
from drivers.secret import Secret
from kiosk.card_certificate import CertificateFacts, certificate_facts
from kiosk.card_watch import CardWatch, Seat

A = TypeVar("A", bound=CardApplication)

SERVICE_S = 5.0
"""How long the service may take to say anything."""
QUIET_S = 0.5
"""No news for so long: the readers and cards found so far are all there are."""
WOBBLE_S = 10.0
"""Then what was found is what there is, quiet or not."""
ENTRY_S = 60.0
"""How long a reader waits for each entry on its keys."""
PROMPT_S = 1.0
"""How long a card that lies there already may take to be found before a person is asked for one."""


class AskPin(Protocol):
    """How a deed gets a secret; the deed wipes it."""

    def __call__(self, pin: Pin, tries: int) -> Secret:
        """What was typed; `tries` are left, at least 1."""
        ...

    def new(self, pin: Pin) -> Secret:
        """A new one, typed twice."""
        ...

    def on_reader(self, pin: Pin, tries: int) -> bool:
        """Whether it is to be typed on the reader's own keys; if so, the person has been asked to."""
        ...


class NotOnCard(Exception):
    """The card has no such application; the text is a sentence that says which."""


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


class Key(Enum):
    """The card's two keys, and with each the secret that opens it."""

    AUTH = "auth"
    SIGN = "sign"

    @property
    def pin(self) -> Pin:
        return Pin.USER_AUTHENTICATION if self is Key.AUTH else Pin.DIGITAL_SIGNATURE


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


async def settle(watch: CardWatch) -> None:
    """Return when the readers have told all they have to tell."""
    try:
        async with asyncio.timeout(WOBBLE_S):
            while True:
                async with asyncio.timeout(QUIET_S if watch.version else SERVICE_S):
                    await watch.change(watch.version)
    except TimeoutError:
        return


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


async def application(card: OurCard, kind: type[A]) -> A:
    """Select an application of the same card; what another had verified is gone. Raises NotOnCard."""
    try:
        return await kind.select(card.jpki.connection)
    except NotOurCard as exc:
        raise NotOnCard(f"This card has no such application: {kind.__name__}.") from exc


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


async def sign(card: OurCard, key: Key, message: bytes, ask: AskPin) -> Signed:
    """Sign by whatever the card's key is, after one VERIFY. With Key.SIGN it is the holder's legal signature."""
    jpki = card.jpki
    await verify(jpki, key.pin, ask)
    read, make = jpki.auth_certificate, jpki.sign_for_authentication
    if key is Key.SIGN:
        read, make = jpki.sign_certificate, jpki.sign_document
    algorithm = algorithm_of(await read())
    return Signed(card.reader, key.value, algorithm.value, await make(message, algorithm))


async def verify(selected: CardApplication, pin: Pin, ask: AskPin) -> None:
    """At most one try. Raises PinBlocked before anything is asked, PinWrong."""
    left = await tries_or_blocked(selected, pin)
    if (keys := reader_keys(selected, pin)) and ask.on_reader(pin, left):
        return await keys.verify_on_reader(pin, ENTRY_S)
    with ask(pin, left) as secret:
        await selected.verify(pin, secret)


def reader_keys(selected: CardApplication, pin: Pin) -> TypedOnReader | None:
    """The application, if its reader has keys on which this PIN can be typed: never the password, which has letters."""
    if isinstance(selected, TypedOnReader) and selected.reader_has_keys and pin is not Pin.DIGITAL_SIGNATURE:
        return selected
    return None


async def tries_or_blocked(selected: CardApplication, pin: Pin) -> int:
    """At least 1. Raises PinBlocked."""
    left = await selected.tries_left(pin)
    if left == 0:
        raise PinBlocked(pin)
    return left
