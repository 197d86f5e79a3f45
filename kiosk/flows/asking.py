"""Asking the backend in front of a person, who is told when it fails and says how to go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from backend_client.errors import BackendError, Refused
from kiosk import problems
from kiosk.desk import Back, Desk, VisitOver
from kiosk.problems import Again, Entry
from kiosk.screens import Choice, Working

T = TypeVar("T")

FOR_STAFF = (problems.NOT_ACCEPTED, problems.FAULTY)
"""Shown with the trace id: staff can find in the backend's log what the person cannot know."""


class StartAgain(Exception):
    """The person wants to try again, and only a new challenge, ticket or session can help."""


async def ask(desk: Desk, screen: Working, call: Callable[[], Awaitable[T]], *, over: bool = False) -> T:
    """Run `call` under `screen`, again as often as the person wants.

    Raises StartAgain; Back when the person stops it or gives up, or VisitOver where giving up ends the visit (`over`).
    """
    while True:
        try:
            return await desk.during(screen, call())
        except BackendError as exc:
            entry = problems.entry_for(exc)
            await tell(desk, entry, over=over, note=_note(entry, exc))
            if entry.again is Again.FRESH:
                raise StartAgain from exc


async def tell(desk: Desk, entry: Entry, *, over: bool, note: str = "", **parts: object) -> None:
    """Show a problem; returns on もう一度. Raises VisitOver (`over`) or Back when the person gives up."""
    leave = Choice("over", desk.words("action.over")) if over else Choice("back", desk.words("action.back"))
    actions = (leave,) if entry.again is Again.NEVER else (problems.again(desk.words), leave)
    screen = problems.problem(desk.words, entry, actions, place=desk.profile.entry, note=note, **parts)
    answer = await desk.show(screen)
    if answer == leave.key:
        raise VisitOver if over else Back


def working(desk: Desk, name: str, title: str, *, detail: str = "") -> Working:
    """Work that can be stopped; `title` is a key of the words."""
    return Working(name=name, title=desk.words(title), detail=detail, stop=desk.words("action.stop"))


def _note(entry: Entry, error: BackendError) -> str:
    return error.trace_id if isinstance(error, Refused) and entry in FOR_STAFF else ""
