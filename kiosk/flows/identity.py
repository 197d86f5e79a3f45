"""本人かくにん: four digits, one signature of the card, and whoever asked for it checks the token."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from backend_client import wire
from backend_client.errors import Refused
from drivers.card.algorithm import algorithm_of
from kiosk.desk import Card, Desk
from kiosk.flows.asking import StartAgain, ask, working
from kiosk.flows.pin import PIN, Asking, unlock

T = TypeVar("T")

OUT_OF_TIME = ("challenge_stale", "challenge_unknown")


@dataclass(frozen=True, slots=True)
class Proof(Generic[T]):
    """Who wants to know, and how it is sent."""

    name: str
    """Of the service; its screens are `NAME.pin`, `NAME.checking` and `NAME.sending`."""
    asking: str
    """Key of what is said while the backend thinks."""
    steps: tuple[str, ...]
    step: int
    challenge: Callable[[], Awaitable[wire.Challenge]]
    send: Callable[[str, wire.AuthToken], Awaitable[T]]
    """Nonce and token -> what the backend says."""


async def prove(desk: Desk, proof: Proof[T]) -> T:
    """Raises Back, or VisitOver when the person gives up or no PIN, certificate or signature can help any more."""
    return await desk.with_card(partial(_prove, desk, proof))


async def _prove(desk: Desk, proof: Proof[T], card: Card) -> T:
    tries = await card.tries_left(PIN)
    # Read while the person types; nothing else is asked of the card before it is here.
    certificate = asyncio.ensure_future(card.auth_certificate())
    try:
        await unlock(desk, Asking(proof.name, proof.steps, proof.step), card, certificate, tries)
        return await _submit(desk, proof, card, await certificate)
    finally:
        certificate.cancel()
        await asyncio.gather(certificate, return_exceptions=True)


async def _submit(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    """Sign and send. Each try has a challenge of its own; the PIN stays verified for all of them."""
    screen = working(desk, f"{proof.name}.sending", proof.asking, detail=desk.words("identity.keep_card"))
    while True:
        try:
            return await ask(desk, screen, partial(send_in_time, desk, proof, card, certificate), over=True)
        except StartAgain:
            continue


async def send_in_time(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    """Sign and send once; twice where the challenge had run out. The key must be open. Raises BackendError."""
    try:
        return await _send(desk, proof, card, certificate)
    except Refused as refused:
        if refused.code not in OUT_OF_TIME:
            raise
    return await _send(desk, proof, card, certificate)


async def _send(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    algorithm = algorithm_of(certificate)
    nonce = (await proof.challenge()).nonce
    text = wire.text_to_sign(desk.backend.origin, nonce, algorithm.value)
    signature = await card.sign_for_authentication(text, algorithm)
    token = wire.AuthToken(
        unverified_certificate=b64encode(certificate).decode(),
        algorithm=algorithm.value,
        signature=b64encode(signature).decode(),
        format="web-eid:1",
        app_version="madoguchi/0.1",
    )
    return await proof.send(nonce, token)
