"""代わりに見る: what somebody may do for another, with a line on every screen that says for whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from backend_client import wire
from backend_client.wire import ProxyScope
from kiosk.desk import Back, Desk
from kiosk.flows.access_log import access_log
from kiosk.flows.applied import applied
from kiosk.flows.asking import ask, working
from kiosk.flows.notices import notices
from kiosk.flows.post_box import post_box
from kiosk.screens import Choice, Menu

OVER = "over"


async def _applied(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    await applied(desk)
    return person


SERVICES: dict[ProxyScope, Callable[[Desk, wire.SignedIn], Awaitable[wire.SignedIn]]] = {
    ProxyScope.NOTICES: notices,
    ProxyScope.RECORDS: access_log,
    ProxyScope.PROCEDURES: _applied,
    ProxyScope.POST: post_box,
}


async def act_for(desk: Desk, proxy: wire.Proxy) -> None:
    """Until the person has finished; then nothing of the other's is in reach. Raises Back, StartAgain."""
    screen = working(desk, "acting.beginning", "acting.beginning")
    other = await ask(desk, screen, partial(desk.backend.act_for, proxy.id))
    desk.act_for(other.name)
    try:
        await _serve(desk, proxy, other)
    finally:
        desk.act_for("")
        desk.backend.act_no_more()


async def _serve(desk: Desk, proxy: wire.Proxy, other: wire.SignedIn) -> None:
    while True:
        choice = await desk.show(_menu(desk, proxy, other))
        if choice == OVER:
            return
        with suppress(Back):
            other = await SERVICES[ProxyScope(choice)](desk, other)


def _menu(desk: Desk, proxy: wire.Proxy, other: wire.SignedIn) -> Menu:
    words = desk.words
    scopes = (Choice(scope.value, words(f"proxies.{scope.value}")) for scope in proxy.scopes)
    return Menu(
        name="acting",
        title=words("acting.title", name=other.name),
        subtitle=words("acting.until", day=words.full_day(proxy.until.astimezone(desk.now().tzinfo))),
        choices=(*scopes, Choice(OVER, words("acting.over"), digit=0)),
    )
