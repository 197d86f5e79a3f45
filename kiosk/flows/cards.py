"""会員証・資格証: a card of a company's, shown at a counter as a code that counts there alone, for two minutes."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from backend_client.service import Service
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Detail, Digits, Fact, ItemList, PhoneCode, Row
from kiosk.words import Private
from stb_profile.phone.code import picture

SHOW = "show"
COUNTER_LENGTH = 4


async def cards(desk: Desk) -> None:
    """Never returns by itself. Raises Back, StartAgain."""
    screen = working(desk, "cards.loading", "cards.loading")
    held = await ask(desk, screen, lambda: _service(desk).get("/cards", wire.HeldCards))
    by_id = {card.id: card for card in held.cards}
    while True:
        card = by_id[await desk.show(_list(desk, held.cards))]
        with suppress(Back):
            while await desk.show(_one(desk, card)) == SHOW:
                with suppress(Back):
                    await _show(desk, card)


def _service(desk: Desk) -> Service:
    return desk.backend.service("cards", "/cards")


async def _show(desk: Desk, card: wire.HeldCard) -> None:
    """Raises Back, also when the code was shown; StartAgain."""
    request = wire.ShowingRequest(id=card.id, counter=await desk.show(_counter(desk)))
    screen = working(desk, "cards.signing", "cards.signing")
    shown = await ask(desk, screen, lambda: _service(desk).post("/showings", request, wire.ShowingCode))
    await desk.show(_code(desk, card, shown.code))


# --- screens ----------------------------------------------------------------------------------------------------------


def _list(desk: Desk, held: tuple[wire.HeldCard, ...]) -> ItemList:
    words = desk.words
    return ItemList(
        name="cards",
        title=words("cards.title"),
        rows=tuple(_row(desk, card) for card in held),
        corner=words("cards.corner", count=len(held)),
        empty=words("cards.empty"),
        preview_title=words("cards.preview"),
    )


def _row(desk: Desk, card: wire.HeldCard) -> Row:
    words = desk.words
    return Row(
        key=card.id,
        title=Private(card.title),
        badge=words("cards.over") if _is_over(desk, card) else "",
        facts=_facts(desk, card),
        public=words("cards.public"),
    )


def _facts(desk: Desk, card: wire.HeldCard) -> tuple[Fact, ...]:
    words = desk.words
    return (
        Fact(words("cards.issuer"), Private(card.issuer)),
        Fact(words("cards.holder"), Private(card.holder)),
        Fact(words("cards.number"), Private(card.number)),
        Fact(words("cards.valid"), words.full_day(card.valid_until)),
    )


def _one(desk: Desk, card: wire.HeldCard) -> Detail:
    words = desk.words
    show = () if _is_over(desk, card) else (Choice(SHOW, words("cards.show")),)
    return Detail(
        name="cards.one",
        title=Private(card.title),
        facts=_facts(desk, card),
        body=words("cards.over_body") if _is_over(desk, card) else "",
        actions=(Choice("back", words("action.back")), *show),
    )


def _is_over(desk: Desk, card: wire.HeldCard) -> bool:
    return desk.now().date() > card.valid_until


def _counter(desk: Desk) -> Digits:
    words = desk.words
    return Digits(
        name="cards.counter",
        title=words("cards.counter_title"),
        hint=words("cards.counter_hint"),
        length_min=COUNTER_LENGTH,
        length_max=COUNTER_LENGTH,
    )


def _code(desk: Desk, card: wire.HeldCard, code: str) -> PhoneCode:
    words = desk.words
    return PhoneCode(
        name="cards.code",
        title=words("cards.code_title"),
        hints=words.lines("cards.code_hints", title=Private(card.title)),
        code_picture=picture(code),
    )
