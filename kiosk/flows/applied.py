"""おくった手続き: what became of each paper, to be sent anew or taken back."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from backend_client.wire import ParcelState
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.flows.questions import said
from kiosk.flows.signing import Sheet, sign
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Row
from kiosk.words import Private

RESEND, WITHDRAW = "resend", "withdraw"
OPEN = (ParcelState.WAITING, ParcelState.RECEIVED)
STATES = {
    ParcelState.WAITING: ("applied.waiting", "applied.waiting_lines"),
    ParcelState.RECEIVED: ("applied.received", "applied.received_lines"),
    ParcelState.DONE: ("applied.done", "applied.done_lines"),
    ParcelState.SENT_BACK: ("applied.sent_back", "applied.sent_back_lines"),
    ParcelState.WITHDRAWN: ("applied.withdrawn", "applied.withdrawn_lines"),
}
"""Keys of a state's name and of what it means."""


async def applied(desk: Desk) -> None:
    """Never returns by itself: raises Back."""
    while True:
        screen = working(desk, "procedures.loading", "procedures.loading")
        known = (await ask(desk, screen, desk.backend.applications)).applications
        papers = {parcel.id: (application, parcel) for application in known for parcel in application.parcels}
        chosen = await desk.show(_list(desk, papers))
        with suppress(Back):
            await _look(desk, *papers[chosen])


async def _look(desk: Desk, application: wire.Application, parcel: wire.Parcel) -> None:
    """One paper. Returns when it has changed. Raises Back."""
    deed = await desk.show(_detail(desk, application, parcel))
    if deed == RESEND:
        await _resend(desk, application, parcel)
    elif deed == WITHDRAW and await desk.show(_really(desk, parcel)):
        screen = working(desk, "applied.withdrawing", "applied.withdrawing")
        await ask(desk, screen, lambda: desk.backend.withdraw(wire.Withdrawal(parcel=parcel.id)))


async def _resend(desk: Desk, application: wire.Application, parcel: wire.Parcel) -> None:
    screen = working(desk, "procedures.loading", "procedures.loading")
    event = await ask(desk, screen, lambda: desk.backend.life_event(application.event))
    content = wire.PaperContent(
        application=application.id, event=event.id, receiver=parcel.receiver, answers=application.answers
    )
    asked = (q for q in event.questions if q.id in application.answers)  # more may be asked by now
    answers = ((q.label, str(said(desk, q, application.answers[q.id]))) for q in asked)
    lines = (("あて先", parcel.receiver_name), *answers)
    (paper,) = await sign(desk, (Sheet(f"{event.title}の届け", lines, content),), ())
    screen = working(desk, "move.sending", "move.sending")
    resending = wire.Resending(parcel=parcel.id, paper=paper.paper)
    await ask(desk, screen, lambda: desk.backend.resend(resending))


# --- screens ----------------------------------------------------------------------------------------------------------


def _list(desk: Desk, papers: dict[str, tuple[wire.Application, wire.Parcel]]) -> ItemList:
    words = desk.words
    return ItemList(
        name="applied",
        title=words("applied.title"),
        rows=tuple(_row(desk, application, parcel) for application, parcel in papers.values()),
        corner=words("applied.corner", count=len(papers)),
        empty=words("applied.empty"),
        preview_title=words("applied.preview"),
    )


def _row(desk: Desk, application: wire.Application, parcel: wire.Parcel) -> Row:
    words = desk.words
    return Row(
        key=parcel.id,
        title=words("applied.one", event=Private(application.title), receiver=parcel.receiver_name),
        above=words.day(application.sent_at.astimezone(desk.now().tzinfo)),
        below=Private(parcel.reason),
        badge=words(STATES[parcel.state][0]),
        facts=_facts(desk, application, parcel),
        public=words("applied.to", receiver=parcel.receiver_name),
    )


def _facts(desk: Desk, application: wire.Application, parcel: wire.Parcel) -> tuple[Fact, ...]:
    words, zone = desk.words, desk.now().tzinfo
    facts = (
        Fact(words("applied.state"), words(STATES[parcel.state][0])),
        Fact(words("applied.since"), words.moment(parcel.at, zone)),
        Fact(words("move.number"), application.number),
    )
    return (*facts, Fact(words("applied.reason"), Private(parcel.reason))) if parcel.reason else facts


def _detail(desk: Desk, application: wire.Application, parcel: wire.Parcel) -> Detail:
    words = desk.words
    resend = (Choice(RESEND, words("applied.resend")),) if parcel.state is ParcelState.SENT_BACK else ()
    withdraw = (Choice(WITHDRAW, words("applied.withdraw")),) if parcel.state in OPEN else ()
    return Detail(
        name="applied.paper",
        title=words("applied.one", event=Private(application.title), receiver=parcel.receiver_name),
        summary=words.lines(STATES[parcel.state][1]),
        facts=_facts(desk, application, parcel),
        actions=(*resend, Choice("back", words("action.back")), *withdraw),
    )


def _really(desk: Desk, parcel: wire.Parcel) -> Confirm:
    words = desk.words
    return Confirm(
        name="applied.really",
        title=words("applied.really_title", receiver=parcel.receiver_name),
        lines=words.lines("applied.really_lines"),
        yes=words("applied.withdraw"),
        no=words("applied.leave"),
        here_only=True,
    )
