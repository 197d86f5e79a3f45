"""手続き: life events to be told of once, and what became of those that were."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.applied import applied
from kiosk.flows.asking import ask, working
from kiosk.flows.move import tell_of
from kiosk.screens import Choice, Menu

SENT = "sent"


async def procedures(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    loading = working(desk, "procedures.loading", "procedures.loading")
    events = (await ask(desk, loading, desk.backend.life_events)).events
    while True:
        known = await ask(desk, loading, desk.backend.applications)
        chosen = await desk.show(_menu(desk, events, known))
        with suppress(Back):
            await (applied(desk) if chosen == SENT else tell_of(desk, chosen, _draft(known, chosen)))


def _draft(known: wire.ApplicationList, event: str) -> wire.Draft | None:
    return next((draft for draft in known.drafts if draft.event == event), None)


def _menu(desk: Desk, events: tuple[wire.LifeEventHead, ...], known: wire.ApplicationList) -> Menu:
    words = desk.words
    begun = {draft.event for draft in known.drafts}
    sent = Choice(SENT, words("procedures.sent"), words("procedures.sent_detail"))
    return Menu(
        name="procedures",
        title=words("procedures.title"),
        choices=(
            *(Choice(e.id, e.title, e.summary, words("procedures.begun") if e.id in begun else "") for e in events),
            sent,
        ),
        back=True,
    )
