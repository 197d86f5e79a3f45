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
from drivers.card.jpki import TRIES_MAX
from drivers.errors import Pin, PinBlocked, PinWrong
from drivers.secret import Secret
from kiosk import problems
from kiosk.desk import Card, Desk, VisitOver
from kiosk.flows.asking import StartAgain, ask, tell, working
from kiosk.problems import Situation
from kiosk.screens import Confirm, Mark, PinEntry, Working

T = TypeVar("T")

PIN = Pin.USER_AUTHENTICATION
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
        await _unlock(desk, proof, card, certificate, tries)
        return await _submit(desk, proof, card, await certificate)
    finally:
        certificate.cancel()
        await asyncio.gather(certificate, return_exceptions=True)


async def _unlock(desk: Desk, proof: Proof[T], card: Card, certificate: asyncio.Future[bytes], tries: int) -> None:
    """Ask for the PIN until the card takes it: one VERIFY for each entry the person has confirmed."""
    while True:
        await _warn(desk, tries)
        with await desk.show(_pin_entry(desk, proof, tries)) as pin:
            try:
                return await desk.during(_checking(desk, proof), _verify(card, certificate, pin))
            except PinWrong as wrong:
                tries = wrong.tries_left
            except PinBlocked:
                tries = 0
        if tries > 0:
            await tell(desk, problems.BY_ERROR[PinWrong], over=True, tries_left=tries)


async def _verify(card: Card, certificate: asyncio.Future[bytes], pin: Secret) -> None:
    await certificate
    await card.verify(PIN, pin)


async def _warn(desk: Desk, tries: int) -> None:
    """Stop before an entry that cannot succeed, and ask before one that may be the last. Raises VisitOver."""
    if tries == 0:
        await tell(desk, problems.BY_ERROR[PinBlocked], over=True)
    if tries == 1 and not await desk.show(_last_try(desk)):
        raise VisitOver


def _last_try(desk: Desk) -> Confirm:
    entry = Situation.LAST_TRY.value
    return Confirm(
        name=entry.section,
        title=problems.title(desk.words, entry),
        lines=problems.lines(desk.words, entry),
        yes=desk.words(f"{entry.section}.yes"),
        no=desk.words(f"{entry.section}.no"),
        mark=Mark.CARE,
        code=entry.code,
    )


def _pin_entry(desk: Desk, proof: Proof[T], tries: int) -> PinEntry:
    words, pad = desk.words, desk.profile.pointer
    return PinEntry(
        name=f"{proof.name}.pin",
        title=words("identity.pin_title"),
        steps=proof.steps,
        step=proof.step,
        pin=PIN,
        hint=words("identity.pin_hint_pad" if pad else "identity.pin_hint_keys"),
        tries_label=words("identity.tries_label"),
        tries_left=tries,
        tries_max=TRIES_MAX[PIN],
        tries_text=words("identity.tries_text", tries=tries),
        note=words("identity.pin_note"),
        pad=pad,
    )


def _checking(desk: Desk, proof: Proof[T]) -> Working:
    """Without a way to stop: a VERIFY that has begun may already have used its try."""
    words = desk.words
    return Working(name=f"{proof.name}.checking", title=words("identity.checking"), detail=words("identity.keep_card"))


async def _submit(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    """Sign and send. Each try has a challenge of its own; the PIN stays verified for all of them."""
    screen = working(desk, f"{proof.name}.sending", proof.asking, detail=desk.words("identity.keep_card"))
    while True:
        try:
            return await ask(desk, screen, partial(_send_in_time, desk, proof, card, certificate), over=True)
        except StartAgain:
            continue


async def _send_in_time(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    try:
        return await _send(desk, proof, card, certificate)
    except Refused as refused:
        if refused.code not in OUT_OF_TIME:
            raise
    return await _send(desk, proof, card, certificate)


async def _send(desk: Desk, proof: Proof[T], card: Card, certificate: bytes) -> T:
    nonce = (await proof.challenge()).nonce
    signature = await card.sign_for_authentication(wire.text_to_sign(desk.backend.origin, nonce))
    token = wire.AuthToken(
        unverified_certificate=b64encode(certificate).decode(),
        algorithm="RS256",
        signature=b64encode(signature).decode(),
        format="web-eid:1",
        app_version="madoguchi/0.1",
    )
    return await proof.send(nonce, token)
