"""見守り: by consent the family may see on which days this television was used. Default no; taken back at any time."""

from __future__ import annotations

from datetime import date

from backend_client import wire
from kiosk.desk import Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Detail, Fact, Mark, Result
from kiosk.words import Private

SERVICE, MOUNT = "care", "/care"
END = "end"


async def care(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person goes back home. Raises Back, StartAgain."""
    service = desk.backend.service(SERVICE, MOUNT)
    screen = working(desk, "care.asking", "care.asking")
    state = await ask(desk, screen, lambda: service.get("/consents", wire.CareState))
    if state.since is None:
        await _begin(desk)
    elif await desk.show(_standing(desk, state.since)) == END:
        await ask(desk, screen, lambda: service.post("/withdrawals", None, type(None)))
        await desk.show(_ended(desk))
    return person


async def _begin(desk: Desk) -> None:
    if not await desk.show(_question(desk)):
        return
    service = desk.backend.service(SERVICE, MOUNT)
    screen = working(desk, "care.asking", "care.asking")
    given = await ask(desk, screen, lambda: service.post("/consents", None, wire.CareGiven))
    desk.mark_days(given.box)
    await desk.show(_code(desk, given.code))


def _question(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="care.consent",
        title=words("care.consent_title"),
        lines=words.lines("care.consent_lines"),
        yes=words("care.consent_yes"),
        no=words("care.consent_no"),
    )


def _code(desk: Desk, code: str) -> Result:
    words = desk.words
    return Result(
        name="care.code",
        title=words("care.code_title"),
        mark=Mark.GOOD,
        lines=words.lines("care.code_lines"),
        facts=(Fact(words("care.code"), Private(code)),),
        actions=(Choice("back", words("action.back")),),
    )


def _standing(desk: Desk, since: date) -> Detail:
    words = desk.words
    return Detail(
        name="care",
        title=words("care.title"),
        facts=(Fact(words("care.since"), words.full_day(since)),),
        summary=words.lines("care.lines"),
        actions=(Choice("back", words("action.back")), Choice(END, words("care.end"))),
    )


def _ended(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="care.ended",
        title=words("care.ended"),
        mark=Mark.GOOD,
        lines=words.lines("care.ended_lines"),
        actions=(Choice("back", words("action.back")),),
    )
