"""だれの手続きですか: asked at the door of whoever may act for somebody, before home."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.acting import act_for
from kiosk.flows.asking import ask, working
from kiosk.flows.proxies import row_of
from kiosk.screens import Fact, ItemList, Row

MYSELF = "myself"


async def whose(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when it is about the person, also when nobody is left to act for. Raises Back, StartAgain."""
    while mine := await _others(desk):
        chosen = await desk.show(_list(desk, person, mine))
        if chosen == MYSELF:
            break
        with suppress(Back):
            await act_for(desk, mine[chosen])
    return person


async def _others(desk: Desk) -> dict[str, wire.Proxy]:
    """Looked up anew each time: either side may have ended it meanwhile."""
    loading = working(desk, "proxies.loading", "proxies.loading")
    known = await ask(desk, loading, desk.backend.proxies)
    return {proxy.id: proxy for proxy in known.proxies if proxy.acts_for}


def _list(desk: Desk, person: wire.SignedIn, mine: dict[str, wire.Proxy]) -> ItemList:
    words = desk.words
    everything = (Fact(words("proxies.scope"), words("whose.everything")),)
    myself = Row(MYSELF, words("whose.myself", name=person.name), below=words("whose.myself_detail"), facts=everything)
    return ItemList(
        name="whose",
        title=words("whose.title"),
        rows=(
            myself,
            *(replace(row_of(desk, one), title=words("whose.other", name=one.name)) for one in mine.values()),
        ),
        preview_title=words("whose.preview"),
    )
