"""Asking the backend in front of a person, who is told when it fails and says how to go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from backend_client.errors import BackendError, Refused
from kiosk import problems
from kiosk.desk import Back, Desk, Shows, VisitOver
from kiosk.kept import Seen
from kiosk.problems import Again, Entry
from kiosk.screens import Choice, Working

T = TypeVar("T")

FOR_STAFF = (problems.NOT_ACCEPTED, problems.FAULTY)
"""Shown with the trace id: staff can find in the backend's log what the person cannot know."""

KEPT = "kept"


class StartAgain(Exception):
    """The person wants to try again, and only a new challenge, ticket or session can help."""


class WantsKept(Exception):
    """The person would rather see what was there before."""


async def ask(
    desk: Desk,
    screen: Working,
    call: Callable[[], Awaitable[T]],
    *,
    over: bool = False,
    kept: tuple[Choice, ...] = (),
) -> T:
    """Run `call` under `screen`, again as often as the person wants.

    Raises StartAgain; Back when the person stops it or gives up, or VisitOver where giving up ends the visit (`over`);
    WantsKept when the person chose `kept`, which is on offer where there is no line.
    """
    while True:
        try:
            return await desk.during(screen, call())
        except BackendError as exc:
            entry = problems.entry_for(exc)
            more = kept if entry is problems.UNREACHABLE else ()
            if await tell(desk, entry, over=over, note=_note(entry, exc), more=more) == KEPT:
                raise WantsKept from exc
            if entry.again is Again.FRESH:
                raise StartAgain from exc


async def ask_or_kept(desk: Desk, screen: Working, call: Callable[[], Awaitable[T]], key: str) -> Seen[T]:
    """As `ask`; where there is no line, what the same call (`key`) gave before in this visit is offered."""

    async def fresh() -> Seen[T]:
        seen = Seen(await call())
        desk.kept[key] = replace(seen, at=desk.now())
        return seen

    try:
        return await ask(desk, screen, fresh, kept=_offer(desk, key))
    except WantsKept:
        kept: Seen[T] = desk.kept[key]
        return kept


def _offer(desk: Desk, key: str) -> tuple[Choice, ...]:
    if key not in desk.kept:
        return ()
    at = desk.kept[key].at
    assert at is not None  # noqa: S101 - only what is no longer current is kept
    return (Choice(KEPT, desk.words("outage.kept", when=desk.words.time(at))),)


async def tell(
    desk: Shows, entry: Entry, *, over: bool, note: str = "", more: tuple[Choice, ...] = (), **parts: object
) -> str:
    """Show a problem; returns `again`, or the key of one of `more`. Raises VisitOver (`over`) or Back at giving up."""
    leave = Choice("over", desk.words("action.over")) if over else Choice("back", desk.words("action.back"))
    actions = (leave,) if entry.again is Again.NEVER else (problems.again(desk.words), *more, leave)
    screen = problems.problem(desk.words, entry, actions, place=desk.profile.entry, note=note, **parts)
    answer = await desk.show(screen)
    if answer == leave.key:
        raise VisitOver if over else Back
    return answer


def working(desk: Shows, name: str, title: str, *, detail: str = "") -> Working:
    """Work that can be stopped; `title` is a key of the words."""
    return Working(name=name, title=desk.words(title), detail=detail, stop=desk.words("action.stop"))


def _note(entry: Entry, error: BackendError) -> str:
    return error.trace_id if isinstance(error, Refused) and entry in FOR_STAFF else ""
