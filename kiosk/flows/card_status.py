"""カードのようす: how many tries each PIN has left, using none, and whether the address has changed since its issue.

A move begins from here: the register knows of it, or the person says so.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from cryptography import x509

from backend_client import wire
from backend_client.errors import BackendError
from drivers.card.jpki import TRIES_MAX
from drivers.errors import CardRefused, Pin
from kiosk.desk import Back, Card, Desk
from kiosk.flows.move import draft_of, tell_of
from kiosk.screens import Choice, Detail, Fact, Working

MOVE = "move"


async def card_status(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person has read it, or has told of a move. Raises StartAgain."""
    with suppress(Back):
        facts = await desk.with_card(partial(_read, desk))
        moved = await _moved(desk, await desk.with_card(_issued))
        while await desk.show(_with_move(desk, facts, moved=moved)) == MOVE:
            with suppress(Back):
                await tell_of(desk, MOVE, await draft_of(desk, MOVE))
                break
    return person


async def read_card(desk: Desk) -> None:
    """For whoever has the card: asks no backend. Returns when it was read, or left."""
    with suppress(Back):
        await desk.show(_status(desk, await desk.with_card(partial(_read, desk)), (_back(desk),)))


async def _read(desk: Desk, card: Card) -> tuple[Fact, ...]:
    words = desk.words
    screen = Working(name="card_status.reading", title=words("card_status.reading"))
    authentication = await desk.during(screen, card.tries_left(Pin.USER_AUTHENTICATION))
    try:
        signature: int | None = await desk.during(screen, card.tries_left(Pin.DIGITAL_SIGNATURE))
    except CardRefused:
        signature = None  # cards of the under-15s and cards without PINs have no signature key
    return (
        Fact(words("card_status.authentication"), _tries(desk, Pin.USER_AUTHENTICATION, authentication)),
        Fact(words("card_status.signature"), _tries(desk, Pin.DIGITAL_SIGNATURE, signature)),
    )


async def _issued(card: Card) -> datetime:
    return x509.load_der_x509_certificate(await card.auth_certificate()).not_valid_before_utc


async def _moved(desk: Desk, issued: datetime) -> bool:
    """変更確認: whether the register has another address than when the card was issued."""
    screen = Working(name="card_status.asking", title=desk.words("card_status.asking"))
    try:
        changed = await desk.during(screen, desk.backend.own_changes(issued))
    except BackendError:
        return False  # the card's own state is told all the same, and the person can say it
    return wire.Item.ADDRESS in changed.items


# --- screens ----------------------------------------------------------------------------------------------------------


def _with_move(desk: Desk, facts: tuple[Fact, ...], *, moved: bool) -> Detail:
    """What the register knows stands first, and what is to be done about it."""
    words = desk.words
    tell = Choice(MOVE, words("card_status.move"))
    if not moved:
        return _status(desk, facts, (_back(desk), tell))
    news = Fact(words("card_status.register"), words("card_status.moved"))
    return _status(desk, (news, *facts), (tell, _back(desk)))


def _status(desk: Desk, facts: tuple[Fact, ...], actions: tuple[Choice, ...]) -> Detail:
    words = desk.words
    return Detail(
        name="card_status",
        title=words("card_status.title"),
        facts=facts,
        body=words("card_status.body"),
        actions=actions,
    )


def _back(desk: Desk) -> Choice:
    return Choice("back", desk.words("action.back"))


def _tries(desk: Desk, pin: Pin, tries: int | None) -> str:
    if tries is None:
        return desk.words("card_status.absent")
    if tries == 0:
        return desk.words("card_status.blocked")
    return desk.words("card_status.tries", tries=tries, most=TRIES_MAX[pin])
