"""Proofs a card gives without its holder's PIN: internal authentication, かざし利用, a simulated terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from drivers.card.algorithm import algorithm_of
from drivers.card.certificate_cv import Anchors
from drivers.card.common import Common
from drivers.card.pinless import hold_over
from drivers.card.terminal import TerminalAuthentication
from drivers.card.visual import Visual
from drivers.errors import Pin
from kiosk.card_certificate import CertificateFacts, certificate_facts
from kiosk.card_deeds import AskPin, Key, OurCard, Signed, application, tries_or_blocked

LONGEST_CHALLENGE = 255
"""Bytes. Source: card reference, section 4."""


@dataclass(frozen=True, slots=True)
class HeldOver:
    """かざし利用: which card it is and that it is no copy; not who holds it."""

    reader: str
    certificate: CertificateFacts
    birth_date: date
    holds_its_key: bool


@dataclass(frozen=True, slots=True)
class Challenged:
    """The common application's answer to a challenge; its public key is nowhere on the card: nobody here can judge."""

    reader: str
    algorithm: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Simulated:
    """Signed with the authentication key and no PIN, after the SIMULATED terminal authentication."""

    signed: Signed
    simulation: str = "The terminal authentication is this project's own simulation; no real card accepts it."


async def held_over(card: OurCard, ask: AskPin, anchors: Anchors, nonce: bytes, now: datetime) -> HeldOver:
    """Raises NotGenuine, also where the card's authority is not known here; NotOnCard."""
    left = await tries_or_blocked(await application(card, Visual), Pin.BIRTH_DATE)
    with ask(Pin.BIRTH_DATE, left) as birth_date:
        held = await hold_over(card.jpki.connection, birth_date, nonce, anchors)
    return HeldOver(card.reader, certificate_facts(held.auth_certificate, now), held.birth_date, holds_its_key=True)


async def challenge(card: OurCard, message: bytes) -> Challenged:
    """INTERNAL AUTHENTICATE of the common application over 1-255 bytes. Raises NotOnCard."""
    selected = await application(card, Common)
    return Challenged(card.reader, "RS256", await selected.internal_authenticate(message))


async def simulated_terminal(card: OurCard, message: bytes, terminal: TerminalAuthentication) -> Simulated:
    """Play a terminal, then sign with the authentication key. Raises CardRefused when the card does not know it."""
    await terminal.authenticate(card.jpki)
    algorithm = algorithm_of(await card.jpki.auth_certificate())
    signature = await card.jpki.sign_for_authentication(message, algorithm)
    return Simulated(Signed(card.reader, Key.AUTH.value, algorithm.value, signature))
