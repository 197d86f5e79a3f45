"""The pages that the person's browser sees between the company's page and the way back to it.

The consent itself is not given here: the page shows a number, the person types it at a kiosk, where the card is, and
brings four digits back from there. So a request that somebody else began cannot be agreed to by an unsuspecting person
without that person handing over two numbers by hand.
"""

from __future__ import annotations

from hmac import compare_digest
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from backend_stub.body import Clock
from backend_stub.errand import Errand
from backend_stub.oauth.consents import Consents
from backend_stub.oauth.endpoints import REQUEST_URI
from backend_stub.oauth.faults import Fault
from backend_stub.oauth.forms import PRIVATE, read_form
from backend_stub.oauth.pages import LOST, asks_check, shows_number
from backend_stub.oauth.pending import SHOWN_FOR, Pending, Pushed, Shown

COOKIE = "visit"
AGAIN_S = 3
"""So often the page looks whether the kiosk has answered."""


class Browsers:
    """`issuer` is the address that goes back with each answer, against mix-up (RFC 9207)."""

    def __init__(self, issuer: str, pending: Pending, consents: Consents, subscriptions: Errand, clock: Clock) -> None:
        self._issuer = issuer
        self._path = urlsplit(issuer).path
        self._pending = pending
        self._consents = consents
        self._subscriptions = subscriptions
        self._clock = clock

    async def authorize(self, request: Request) -> Response:
        """Take a pushed request, once, and send the browser to a page of its own."""
        query = request.query_params
        key = query.get("request_uri", "").removeprefix(REQUEST_URI)
        shown = self._pending.show(key, query.get("client_id", ""), self._clock())
        if shown is None:
            return _page(LOST, 400)
        page, cookie = shown
        path = f"{self._path}/waiting/{page}"
        answer = RedirectResponse(path, 303, PRIVATE)
        most = int(SHOWN_FOR.total_seconds())
        answer.set_cookie(COOKIE, cookie, most, path=path, secure=True, httponly=True, samesite="lax")
        return answer

    async def waiting(self, request: Request) -> Response:
        """Show the number until the kiosk has answered; then ask for the four digits, or go back after a No."""
        shown = self._shown(request)
        if shown is None:
            return _page(LOST, 400)
        if shown.fields is None:
            asked = shown.pushed.asked
            return _page(shows_number(asked.partner.name, shown.number), refresh_s=AGAIN_S)
        if not shown.fields:
            return self._back_without(request, shown)
        return _ask(shown, wrong=False)

    async def check(self, request: Request) -> Response:
        """Take the four digits; with them the consent comes into force and the browser goes back with a code."""
        try:
            typed = (await read_form(request)).get("check", "")
        except Fault:
            typed = ""
        shown = self._shown(request)
        if shown is None or not shown.fields or shown.person is None:
            return _page(LOST, 400)
        if not compare_digest(typed.encode(), shown.check.encode()):
            shown.checks_left -= 1
            return _ask(shown, wrong=True) if shown.checks_left else self._back_without(request, shown)
        self._pending.take(request.path_params["page"])
        asked, now = shown.pushed.asked, self._clock()
        consent = self._consents.give(asked.partner.id, asked.purpose, shown.person, shown.fields, now)
        self._subscriptions.kick()
        return self._back(shown.pushed, code=self._pending.give_code(shown.pushed, consent.id, now))

    def _shown(self, request: Request) -> Shown | None:
        cookie = request.cookies.get(COOKIE, "")
        return self._pending.on_page(request.path_params["page"], cookie, self._clock())

    def _back_without(self, request: Request, shown: Shown) -> Response:
        self._pending.take(request.path_params["page"])
        return self._back(shown.pushed, error="access_denied")

    def _back(self, pushed: Pushed, **answer: str) -> Response:
        query = urlencode({**answer, "state": pushed.state, "iss": self._issuer})
        return RedirectResponse(f"{pushed.redirect_uri}?{query}", 303, PRIVATE)


def _ask(shown: Shown, *, wrong: bool) -> Response:
    goes_to = urlsplit(shown.pushed.redirect_uri)
    # Browsers apply form-action to where a form's answer redirects as well.
    text = asks_check(shown.pushed.asked.partner.name, wrong=wrong)
    return _page(text, form_action=f"'self' {goes_to.scheme}://{goes_to.netloc}")


def _page(text: str, status: int = 200, *, refresh_s: int = 0, form_action: str = "'none'") -> Response:
    policy = f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action {form_action}"
    headers = {**PRIVATE, "content-security-policy": policy, "referrer-policy": "no-referrer"}
    if refresh_s:
        headers["refresh"] = str(refresh_s)
    return HTMLResponse(text, status, headers)
