"""Before any card: it was forgotten, or no reader can read it. What can be done now, and never 10割."""

from __future__ import annotations

from contextlib import suppress

from kiosk.desk import Back, Desk
from kiosk.flows.hospital_trouble import FORM, fill_in
from kiosk.screens import Choice, Detail, Menu, PlaceCard

PLACE, FORGOTTEN, BROKEN, DISASTER = "place", "forgotten", "broken", "disaster"


async def without_card(desk: Desk) -> None:
    """Returns when nobody wants anything any more; a card that is laid down ends it from outside. Raises Back."""
    while True:
        chosen = await desk.show(_menu(desk))
        with suppress(Back):
            if chosen == PLACE:
                await desk.show(_place_card(desk))
            elif chosen == DISASTER:
                await desk.show(_disaster(desk))
            elif await desk.show(_page(desk, chosen)) == FORM:
                await fill_in(desk, chosen)
                return


def _menu(desk: Desk) -> Menu:
    words = desk.words
    keys = (PLACE, FORGOTTEN, BROKEN, *((DISASTER,) if desk.reception.disaster else ()))
    return Menu(
        name="hospital.cardless",
        title=words("hospital.cardless_title"),
        choices=tuple(Choice(key, words(f"hospital.{key}"), words(f"hospital.{key}_detail")) for key in keys),
        back=True,
    )


def _place_card(desk: Desk) -> PlaceCard:
    words = desk.words
    return PlaceCard(name="place_card", title=words("place_card.title"), hints=words.lines("place_card.hints"))


def _disaster(desk: Desk) -> Detail:
    """What the staff will ask, that it is recorded, and where that can be read."""
    words = desk.words
    return Detail(
        name="hospital.disaster",
        title=words("hospital.disaster_title"),
        body=words("hospital.disaster_body"),
        actions=(Choice("back", words("action.back")),),
    )


def _page(desk: Desk, why: str) -> Detail:
    words = desk.words
    return Detail(
        name=f"hospital.{why}",
        title=words(f"hospital.{why}_title"),
        body=words(f"hospital.{why}_body"),
        actions=(Choice(FORM, words("hospital.form")), Choice("back", words("action.back"))),
    )
