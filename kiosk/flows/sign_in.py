"""Signing in to My Portal with the card, and the first registration."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from kiosk.desk import Back, Desk, VisitOver
from kiosk.flows.asking import StartAgain, ask, working
from kiosk.flows.identity import Proof, prove
from kiosk.flows.signing import Sheet, sign
from kiosk.screens import Choice, Confirm, Mark, Result


async def sign_in(desk: Desk) -> wire.SignedIn:
    """Leaves the session in the backend client. Raises Back, VisitOver."""
    person = await _signed_in(desk)
    if person.card_new:
        with suppress(Back):
            await desk.show(_card_new(desk))
    return person


async def _signed_in(desk: Desk) -> wire.SignedIn:
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

    return Proof("sign_in", "sign_in.asking", _steps(desk), 1, desk.backend.portal_challenge, send)


def _steps(desk: Desk) -> tuple[str, ...]:
    return tuple(desk.words(f"identity.step_{step}") for step in ("card", "identity", "start"))


async def _register(desk: Desk, ticket: str) -> wire.SignedIn:
    """Ask first, default no: a folder is opened by the person, not by the card. Then the person signs for it.

    戻る from the password comes back to the question. Source: 2011 report, 初回登録.
    """
    while True:
        if not await desk.show(_question(desk)):
            raise VisitOver
        with suppress(Back):
            (paper,) = await sign(desk, (_sheet(ticket),), _steps(desk))
            break
    request = wire.Registration(ticket=ticket, place=desk.profile.place, paper=paper.paper)
    screen = working(desk, "sign_in.registering", "sign_in.registering")
    return await ask(desk, screen, lambda: desk.backend.register(request), over=True)


def _sheet(ticket: str) -> Sheet:
    """Japanese in any language of the screen: it is an application to the state."""
    lines = (("あて先", "マイ・ポータル"), ("ねがうこと", "わたしの 利用者フォルダーを ひらく"))
    return Sheet("利用者フォルダー 利用申請", lines, wire.registration_content(ticket))


def _question(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="sign_in.register",
        title=words("sign_in.register_title"),
        lines=words.lines("sign_in.register_lines"),
        yes=words("sign_in.register_yes"),
        no=words("sign_in.register_no"),
    )


def _card_new(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="sign_in.card_new",
        title=words("sign_in.card_new_title"),
        mark=Mark.GOOD,
        lines=words.lines("sign_in.card_new_lines"),
        actions=(Choice("next", words("sign_in.card_new_next")),),
    )
