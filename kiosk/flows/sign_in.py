"""Signing in to My Portal with the card, and the first registration."""

from __future__ import annotations

from backend_client import wire
from kiosk.desk import Desk, VisitOver
from kiosk.flows.asking import StartAgain, ask, working
from kiosk.flows.identity import Proof, prove
from kiosk.screens import Confirm


async def sign_in(desk: Desk) -> wire.SignedIn:
    """Leaves the session in the backend client. Raises Back, VisitOver."""
    while True:
        answer = await prove(desk, _proof(desk))
        if isinstance(answer, wire.SignedIn):
            return answer
        try:
            return await _register(desk, answer.ticket)
        except StartAgain:
            continue


def _proof(desk: Desk) -> Proof[wire.SignInAnswer]:
    async def send(nonce: str, token: wire.AuthToken) -> wire.SignInAnswer:
        return await desk.backend.sign_in(wire.SignIn(nonce=nonce, token=token, place=desk.profile.place))

    words = desk.words
    steps = (words("identity.step_card"), words("identity.step_identity"), words("identity.step_start"))
    return Proof("sign_in", "sign_in.asking", steps, 1, desk.backend.portal_challenge, send)


async def _register(desk: Desk, ticket: str) -> wire.SignedIn:
    """Ask first, default no: a folder is opened by the person, not by the card."""
    if not await desk.show(_question(desk)):
        raise VisitOver
    request = wire.Registration(ticket=ticket, place=desk.profile.place)
    screen = working(desk, "sign_in.registering", "sign_in.registering")
    return await ask(desk, screen, lambda: desk.backend.register(request), over=True)


def _question(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="sign_in.register",
        title=words("sign_in.register_title"),
        lines=words.lines("sign_in.register_lines"),
        yes=words("sign_in.register_yes"),
        no=words("sign_in.register_no"),
    )
