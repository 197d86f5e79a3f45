"""What can be done while nobody can be signed in, said before any PIN is typed; goes away by itself."""

from __future__ import annotations

from kiosk import problems
from kiosk.desk import Desk, VisitOver
from kiosk.flows.card_status import read_card
from kiosk.outage import ENTRY
from kiosk.problems import UNREACHABLE
from kiosk.screens import Choice, Menu, Problem, Working

OVER = "over"


async def wait_with_card(desk: Desk) -> None:
    """Returns as soon as a person can be signed in; until then there is the card itself. Raises Back, VisitOver."""
    while choice := await desk.follow(lambda: _menu(desk) if stopped(desk) else None):
        if choice == OVER:
            raise VisitOver
        if choice == "card_status":
            await read_card(desk)
        else:
            await _look(desk)


async def wait_on_paper(desk: Desk) -> None:
    """The same where another way leads on, which is told. Raises Back, VisitOver."""
    while choice := await desk.follow(lambda: _other_way(desk) if stopped(desk) else None):
        if choice == OVER:
            raise VisitOver
        await _look(desk)


def stopped(desk: Desk) -> bool:
    return desk.outage.stops(ENTRY[desk.profile.entry])


async def _look(desk: Desk) -> None:
    screen = Working(name="outage.looking", title=desk.words("outage.looking"), stop=desk.words("action.stop"))
    await desk.during(screen, desk.look())


def _menu(desk: Desk) -> Menu:
    words = desk.words
    return Menu(
        name="outage",
        title=words("outage.title"),
        subtitle=words("outage.subtitle"),
        choices=(
            Choice("card_status", words("card_status.menu"), words("card_status.menu_detail")),
            Choice("again", words("action.again"), words("outage.again_detail")),
            Choice(OVER, words("home.over"), words("home.over_detail"), digit=0),
        ),
    )


def _other_way(desk: Desk) -> Problem:
    actions = (problems.again(desk.words), Choice(OVER, desk.words("action.over")))
    return problems.problem(desk.words, UNREACHABLE, actions, place=desk.profile.entry)
