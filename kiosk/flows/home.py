"""Home of My Portal: who is here, when they were here last, and what can be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.access_log import access_log
from kiosk.flows.asking import StartAgain
from kiosk.flows.card_status import card_status
from kiosk.flows.notices import notices
from kiosk.flows.partners import partners
from kiosk.flows.phone import phone
from kiosk.flows.post_box import post_box
from kiosk.flows.procedures import procedures
from kiosk.flows.proxies import proxies
from kiosk.flows.sign_in import sign_in
from kiosk.flows.sign_ins import sign_ins
from kiosk.screens import Choice, Confirm, Menu

Item = Callable[[Desk, wire.SignedIn], Awaitable[wire.SignedIn]]
"""A service at home. Takes what is known of the person, and gives it back brought up to date."""

ITEMS: dict[str, Item] = {
    "notices": notices,
    "access_log": access_log,
    "card_status": card_status,
    "phone": phone,
    "procedures": procedures,
    "post_box": post_box,
    "partners": partners,
    "sign_ins": sign_ins,
    "proxies": proxies,
}
"""By their name in `Profile.menu` and in the words."""

OVER = "over"


async def home(desk: Desk, person: wire.SignedIn) -> None:
    """Returns when the person has finished. A failure inside an item leads back here."""
    while True:
        try:
            choice = await desk.show(_menu(desk, person))
        except Back:
            choice = OVER if await _really_over(desk) else ""
        if choice == OVER:
            return
        if choice:
            person = await _enter(desk, ITEMS[choice], person)


async def _enter(desk: Desk, item: Item, person: wire.SignedIn) -> wire.SignedIn:
    while True:
        try:
            return await item(desk, person)
        except Back:
            return person
        except StartAgain:
            try:
                person = await sign_in(desk)
            except Back:
                return person


async def _really_over(desk: Desk) -> bool:
    words = desk.words
    question = Confirm(
        name="home.end",
        title=words("home.end_title"),
        lines=words.lines("home.end_lines"),
        yes=words("home.end_yes"),
        no=words("home.end_no"),
    )
    try:
        return await desk.show(question)
    except Back:
        return False


def _menu(desk: Desk, person: wire.SignedIn) -> Menu:
    words, now = desk.words, desk.now()
    over = Choice(OVER, words("home.over"), words("home.over_detail"), digit=0)
    return Menu(
        name="home",
        title=words("home.title", name=person.name),
        subtitle=_last(desk, person.last_sign_in),
        corner=words("when.day_clock", day=words.day(now), clock=words.clock(now)),
        choices=(*(_choice(desk, item, person) for item in desk.profile.menu), over),
    )


def _choice(desk: Desk, item: str, person: wire.SignedIn) -> Choice:
    words = desk.words
    fresh = person.unread_notices if item == "notices" else 0
    badge = words("home.new", count=fresh) if fresh else ""
    return Choice(item, words(f"{item}.menu"), words(f"{item}.menu_detail"), badge)


def _last(desk: Desk, last: wire.LastSignIn | None) -> str:
    """前回: the person's own check that nobody else has been here."""
    if last is None:
        return desk.words("home.first")
    return desk.words("home.last", when=desk.words.moment(last.at, desk.now().tzinfo), place=last.place)
