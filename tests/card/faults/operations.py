"""Everything that can be asked of a card, one operation each, and the commands it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from drivers.card.algorithm import algorithm_of
from drivers.card.application import CardApplication
from drivers.card.certificate_cv import Anchors
from drivers.card.common import Common
from drivers.card.jpki import Jpki
from drivers.card.juki import Juki
from drivers.card.manager import CardManager, DataObject
from drivers.card.pinless import hold_over
from drivers.card.terminal import SimulatedTerminalAuthentication
from drivers.card.text import TextSupport
from drivers.card.visual import Visual
from drivers.errors import CardError, Pin, PinWrong
from drivers.readers import CardConnection
from drivers.secret import Secret
from drivers.software_card.cv_authority import TERMINALS, CvAuthority

A = TypeVar("A", bound=CardApplication)

SECRETS = {
    Pin.USER_AUTHENTICATION: "1234",
    Pin.DIGITAL_SIGNATURE: "ABC123",
    Pin.TEXT_SUPPORT: "1234",
    Pin.REGISTER: "1234",
    Pin.MATCH_A: "999999990018",
    Pin.MATCH_B: "19050320359001",
    Pin.BIRTH_DATE: "190503",
}
"""Of the cards that the operations are done with."""


@dataclass(frozen=True)
class Desk:
    """What whoever reads a card has of his own."""

    anchors: Anchors
    terminal_certificate: bytes
    terminal_key: RSAPrivateKey = field(repr=False)


def desk_of(authority: CvAuthority, terminal_key: RSAPrivateKey) -> Desk:
    certificate = authority.certificate(TERMINALS, "9000200", terminal_key.public_key())
    return Desk(authority.anchors(), certificate, terminal_key)


@dataclass(frozen=True)
class Operation:
    """What is done with a card that has just been put down."""

    does: Callable[[CardConnection, Desk], Awaitable[object]]
    instructions: str
    """Of its commands in order; `B0*5` are five of them."""
    entries: int = 0
    """Secrets that a person has confirmed."""
    ends: type[CardError] | None = None
    """Without a fault."""
    profile: str = "adult"
    """Of the card it is done with."""

    @property
    def commands(self) -> tuple[str, ...]:
        parts = (part.partition("*") for part in self.instructions.split())
        return tuple(instruction for instruction, _, times in parts for _ in range(int(times or "1")))


def with_(
    application: type[A], deed: Callable[[A], Awaitable[object]]
) -> Callable[[CardConnection, Desk], Awaitable[object]]:
    """Select the application, then do it."""

    async def does(connection: CardConnection, desk: Desk) -> None:
        await deed(await application.select(connection))

    return does


def opened(
    application: type[A], pin: Pin, *deeds: Callable[[A], Awaitable[object]]
) -> Callable[[CardConnection, Desk], Awaitable[object]]:
    """Select the application, verify its secret, then do it all."""

    async def does(connection: CardConnection, desk: Desk) -> None:
        selected = await application.select(connection)
        await verify(selected, pin)
        for deed in deeds:
            await deed(selected)

    return does


def changed(application: type[A], pin: Pin) -> Callable[[CardConnection, Desk], Awaitable[object]]:
    """To the same again, so that the next operation finds the card as this one did."""

    async def change(selected: CardApplication) -> None:
        with typed(SECRETS[pin]) as old, typed(SECRETS[pin]) as new:
            await selected.change(pin, old, new)

    return with_(application, change)


def typed(text: str) -> Secret:
    secret = Secret(len(text))
    for character in text:
        secret.add(ord(character))
    return secret


async def verify(application: CardApplication, pin: Pin, text: str = "") -> None:
    with typed(text or SECRETS[pin]) as secret:
        await application.verify(pin, secret)


async def nothing(application: CardApplication) -> None:
    pass


async def sign_in(jpki: Jpki) -> None:
    """What the kiosk asks of a card when a person signs in, whatever its key."""
    await jpki.tries_left(Pin.USER_AUTHENTICATION)
    certificate = await jpki.auth_certificate()
    await verify(jpki, Pin.USER_AUTHENTICATION)
    await jpki.sign_for_authentication(b"text", algorithm_of(certificate))


async def terminal(connection: CardConnection, desk: Desk) -> None:
    jpki = await Jpki.select(connection)
    await SimulatedTerminalAuthentication(desk.terminal_certificate, desk.terminal_key).authenticate(jpki)
    await jpki.sign_for_authentication(b"text")


async def text_judged(connection: CardConnection, desk: Desk) -> None:
    """Number and items with the integrity record over both, and that the application is no copy."""
    text = await TextSupport.select(connection)
    await verify(text, Pin.TEXT_SUPPORT)
    number, items, evidence = await text.number(), await text.four_items(), await text.evidence()
    evidence.check(desk.anchors, number, items)
    await text.authenticate(b"nonce", evidence.application_key.key)


async def text_secured(connection: CardConnection, desk: Desk) -> None:
    """The number under a session key, and match number A, which is the number, under it as well."""
    text = await TextSupport.select(connection)
    await verify(text, Pin.TEXT_SUPPORT)
    secured = await text.secure(random=bytes)
    await secured.number()
    await verify(secured, Pin.MATCH_A)


async def face_judged(connection: CardConnection, desk: Desk) -> None:
    """The whole face with its signature of three segments, and that the card is no copy."""
    visual = await Visual.select(connection)
    await verify(visual, Pin.MATCH_B)
    face = await visual.face_record()
    face.check(await visual.issuer(desk.anchors))
    await visual.authenticate(b"nonce", face.card_key)


async def number_judged(connection: CardConnection, desk: Desk) -> None:
    visual = await Visual.select(connection)
    await verify(visual, Pin.MATCH_A)
    (await visual.number_record()).check(await visual.issuer(desk.anchors))


async def held_over(connection: CardConnection, desk: Desk) -> None:
    with typed(SECRETS[Pin.BIRTH_DATE]) as key:
        await hold_over(connection, key, b"nonce", desk.anchors)


def wrong(application: type[A], pin: Pin, text: str) -> Callable[[CardConnection, Desk], Awaitable[object]]:
    return with_(application, lambda selected: verify(selected, pin, text))


def tries(application: type[A], pin: Pin) -> Callable[[CardConnection, Desk], Awaitable[object]]:
    return with_(application, lambda selected: selected.tries_left(pin))


AUTH, SIGN = Pin.USER_AUTHENTICATION, Pin.DIGITAL_SIGNATURE
TEXT, A_, B_, BIRTH, REGISTER = Pin.TEXT_SUPPORT, Pin.MATCH_A, Pin.MATCH_B, Pin.BIRTH_DATE, Pin.REGISTER

OPERATIONS = {
    "jpki-select": Operation(with_(Jpki, nothing), "A4"),
    "jpki-pin-tries": Operation(tries(Jpki, AUTH), "A4 20"),
    "jpki-password-tries": Operation(tries(Jpki, SIGN), "A4 20"),
    "jpki-certificate": Operation(with_(Jpki, Jpki.auth_certificate), "A4 B0*5"),
    "jpki-ca-certificate": Operation(with_(Jpki, Jpki.auth_ca_certificate), "A4 B0*4"),
    "jpki-sign-ca-certificate": Operation(with_(Jpki, Jpki.sign_ca_certificate), "A4 B0*4"),
    "jpki-token-info": Operation(with_(Jpki, Jpki.token_info), "A4 B0"),
    "jpki-availability": Operation(with_(Jpki, Jpki.availability), "A4 B0"),
    "jpki-verify": Operation(opened(Jpki, AUTH), "A4 20", 1),
    "jpki-verify-wrong": Operation(wrong(Jpki, AUTH, "4321"), "A4 20", 1, PinWrong),
    "jpki-verify-password": Operation(opened(Jpki, SIGN), "A4 20", 1),
    "jpki-verify-password-wrong": Operation(wrong(Jpki, SIGN, "XYZ987"), "A4 20", 1, PinWrong),
    "jpki-change-pin": Operation(changed(Jpki, AUTH), "A4 20 24", 1),
    "jpki-change-password": Operation(changed(Jpki, SIGN), "A4 20 24", 1),
    "jpki-sign": Operation(opened(Jpki, AUTH, lambda jpki: jpki.sign_for_authentication(b"text")), "A4 20 2A", 1),
    "jpki-sign-document": Operation(
        opened(Jpki, SIGN, Jpki.sign_certificate, lambda jpki: jpki.sign_document(b"text")), "A4 20 B0*6 2A", 1
    ),
    "jpki-sign-in": Operation(with_(Jpki, sign_in), "A4 20 B0*5 20 2A", 1),
    "jpki-sign-in-p384": Operation(with_(Jpki, sign_in), "A4 20 B0*4 20 2A", 1, profile="p384"),
    "jpki-terminal-simulation": Operation(terminal, "A4 A4 A2 84 82 2A"),
    "text-select": Operation(with_(TextSupport, nothing), "A4"),
    "text-tries": Operation(tries(TextSupport, TEXT), "A4 20"),
    "text-verify-wrong": Operation(wrong(TextSupport, TEXT, "4321"), "A4 20", 1, PinWrong),
    "text-change": Operation(changed(TextSupport, TEXT), "A4 20 24", 1),
    "text-number-by-a": Operation(opened(TextSupport, A_, TextSupport.number), "A4 20 B0", 1),
    "text-items-by-b": Operation(opened(TextSupport, B_, TextSupport.four_items), "A4 20 B0", 1),
    "text-certificate": Operation(with_(TextSupport, TextSupport.certificate), "A4 B0*3"),
    "text-judged": Operation(text_judged, "A4 20 B0 B0 B0*3 B0*3 B0*2 2A", 1),
    "text-delivery-key": Operation(opened(TextSupport, TEXT, TextSupport.delivery_key), "A4 20 B0*2", 1),
    "text-secured": Operation(text_secured, "A4 20 B0*2 AE A4 B0 20", 2),
    "visual-select": Operation(with_(Visual, nothing), "A4"),
    "visual-birth-tries": Operation(tries(Visual, BIRTH), "A4 20"),
    "visual-birth-wrong": Operation(wrong(Visual, BIRTH, "190504"), "A4 20", 1, PinWrong),
    "visual-a-wrong": Operation(wrong(Visual, A_, "999999990019"), "A4 20", 1, PinWrong),
    "visual-b-wrong": Operation(wrong(Visual, B_, "19050320359002"), "A4 20", 1, PinWrong),
    "visual-certificate": Operation(with_(Visual, Visual.certificate), "A4 B0*3"),
    "visual-age": Operation(opened(Visual, BIRTH, Visual.age_record), "A4 20 B0*3", 1),
    "visual-face-by-a": Operation(opened(Visual, A_, Visual.face_record), "A4 20 B0*5", 1),
    "visual-face-judged": Operation(face_judged, "A4 20 B0*5 B0*3 2A", 1),
    "visual-number": Operation(opened(Visual, A_, Visual.number_record), "A4 20 B0*3", 1),
    "visual-number-judged": Operation(number_judged, "A4 20 B0*3 B0*3", 1),
    "pinless": Operation(held_over, "A4 B0*5 A4 B0*3 20 B0*3 2A", 1),
    "common-number": Operation(with_(Common, Common.card_number), "A4 B2"),
    "common-key-id": Operation(with_(Common, Common.key_id), "A4 B2"),
    "common-authenticate": Operation(with_(Common, lambda common: common.internal_authenticate(b"nonce")), "A4 88"),
    "common-tries": Operation(tries(Common, REGISTER), "A4 20"),
    "common-change": Operation(changed(Common, REGISTER), "A4 20 32", 1),
    "juki-key-id": Operation(with_(Juki, Juki.key_id), "A4 B2"),
    "juki-verify-wrong": Operation(wrong(Juki, REGISTER, "4321"), "A4 20", 1, PinWrong),
    "juki-change": Operation(changed(Juki, REGISTER), "A4 20 32", 1),
    "manager-data": Operation(with_(CardManager, CardManager.data), "A4 CA*11"),
    "manager-absent": Operation(
        with_(CardManager, lambda manager: manager.data_object(DataObject.RECOGNITION)), "A4 CA"
    ),
}
