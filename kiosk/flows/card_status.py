"""カードのようす: how many tries each PIN has left. Uses none."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from backend_client import wire
from drivers.card.jpki import TRIES_MAX
from drivers.errors import CardRefused, Pin
from kiosk.desk import Back, Card, Desk
from kiosk.screens import Choice, Detail, Fact, Working


async def card_status(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person has read it."""
    await read_card(desk)
    return person


async def read_card(desk: Desk) -> None:
    """For whoever has the card: asks no backend. Returns when it was read, or left."""
    with suppress(Back):
        await desk.show(await desk.with_card(partial(_read, desk)))


async def _read(desk: Desk, card: Card) -> Detail:
    words = desk.words
    screen = Working(name="card_status.reading", title=words("card_status.reading"))
    authentication = await desk.during(screen, card.tries_left(Pin.USER_AUTHENTICATION))
    try:
        signature: int | None = await desk.during(screen, card.tries_left(Pin.DIGITAL_SIGNATURE))
    except CardRefused:
        signature = None  # cards of the under-15s and cards without PINs have no signature key
    return Detail(
        name="card_status",
        title=words("card_status.title"),
        facts=(
            Fact(words("card_status.authentication"), _tries(desk, Pin.USER_AUTHENTICATION, authentication)),
            Fact(words("card_status.signature"), _tries(desk, Pin.DIGITAL_SIGNATURE, signature)),
        ),
        body=words("card_status.body"),
        actions=(Choice("back", words("action.back")),),
    )


def _tries(desk: Desk, pin: Pin, tries: int | None) -> str:
    if tries is None:
        return desk.words("card_status.absent")
    if tries == 0:
        return desk.words("card_status.blocked")
    return desk.words("card_status.tries", tries=tries, most=TRIES_MAX[pin])
