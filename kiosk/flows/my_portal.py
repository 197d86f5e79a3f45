"""My Portal: sign in, then home."""

from __future__ import annotations

from kiosk.desk import Desk
from kiosk.flows.home import home
from kiosk.flows.outage import wait_with_card
from kiosk.flows.sign_in import sign_in


async def run(desk: Desk) -> None:
    """Returns, or raises Back or VisitOver, when the person has finished."""
    await wait_with_card(desk)
    await home(desk, await sign_in(desk))
