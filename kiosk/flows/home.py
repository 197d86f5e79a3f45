"""Home of My Portal: who is here, when they were here last, and what can be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.access_log import access_log
from kiosk.flows.asking import StartAgain
from kiosk.flows.booking import booking
from kiosk.flows.card_status import card_status
from kiosk.flows.care import care
from kiosk.flows.evacuated import evacuated, reminder
from kiosk.flows.health import health
from kiosk.flows.notices import notices
from kiosk.flows.own_information import own_information
from kiosk.flows.partners import partners
from kiosk.flows.phone import phone
from kiosk.flows.post_box import post_box
from kiosk.flows.procedures import procedures
from kiosk.flows.proxies import proxies
from kiosk.flows.sign_in import sign_in
from kiosk.flows.sign_ins import sign_ins
from kiosk.flows.whose import whose
from kiosk.outage import marked
from kiosk.screens import Choice, Confirm, Menu

Item = Callable[[Desk, wire.SignedIn], Awaitable[wire.SignedIn]]
"""A service at home. Takes what is known of the person, and gives it back brought up to date."""

ITEMS: dict[str, Item] = {
    "notices": notices,
    "access_log": access_log,
    "own_information": own_information,
    "card_status": card_status,
    "booking": booking,
    "health": health,
    "phone": phone,
    "evacuated": evacuated,
    "care": care,
    "procedures": procedures,
    "post_box": post_box,
    "partners": partners,
    "sign_ins": sign_ins,
    "proxies": proxies,
}
"""By their name in `Profile.menu` or `Profile.groups`, and in the words."""

OVER = "over"
EVACUATED = "evacuated"


async def home(desk: Desk, person: wire.SignedIn) -> None:
    """Returns when the person has finished. A failure inside an item leads back here."""
    if errand := desk.errand():
        person = await _enter(desk, ITEMS[errand], person)
    elif person.acts_for_others:
        person = await _enter(desk, whose, person)
    while True:
        try:
            choice = await desk.follow(lambda: _menu(desk, person)) or ""  # noqa: B023 - it is over before the next turn
        except Back:
            choice = OVER if await _really_over(desk) else ""
        if choice == OVER:
            return
        if choice in desk.profile.groups:
            person = await _group(desk, choice, person)
        elif choice:
            person = await _enter(desk, ITEMS[choice], person)


async def _group(desk: Desk, group: str, person: wire.SignedIn) -> wire.SignedIn:
    """Services that belong together, on a page of their own. Returns when the person goes back home."""
    with suppress(Back):
        while True:
            choice = await desk.follow(lambda: _group_menu(desk, group, person))  # noqa: B023 - as at home
            if choice:
                person = await _enter(desk, ITEMS[choice], person)
    return person


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
        choices=(*(_choice(desk, item, person) for item in _offered(desk)), over),
    )


def _group_menu(desk: Desk, group: str, person: wire.SignedIn) -> Menu:
    items = desk.profile.groups[group]
    choices = tuple(_choice(desk, item, person) for item in items)
    return Menu(name=group, title=desk.words(f"{group}.title"), choices=choices, back=True)


def _offered(desk: Desk) -> tuple[str, ...]:
    """避難しました is there while there is a reason for it, before everything else."""
    others = tuple(item for item in desk.profile.menu if item != EVACUATED)
    return (EVACUATED, *others) if len(others) < len(desk.profile.menu) and desk.evacuation_notices else others


def _choice(desk: Desk, item: str, person: wire.SignedIn) -> Choice:
    words = desk.words
    fresh = person.unread_notices if item == "notices" else 0
    badge = words("home.new", count=fresh) if fresh else ""
    if item == EVACUATED:
        badge = reminder(words, desk.evacuation_notices[0])
    choice = Choice(item, words(f"{item}.menu"), words(f"{item}.menu_detail"), badge)
    return choice if item in desk.profile.groups else marked(choice, desk.outage, words)


def _last(desk: Desk, last: wire.LastSignIn | None) -> str:
    """前回: the person's own check that nobody else has been here."""
    if last is None:
        return desk.words("home.first")
    return desk.words("home.last", when=desk.words.moment(last.at, desk.now().tzinfo), place=last.place)
