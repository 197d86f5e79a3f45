"""The company's page at work: who is before it is known by a cookie of its own, and has tokens or not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from backend_stub.partners.site import pages
from backend_stub.partners.site.client import Began, Client, NotGiven, NotReached

COOKIE = "my-page"
PURPOSE = "my-page"
MOST = 10_000
DETAILS = [{"type": "jp.symbol.consent", "purpose": PURPOSE, "datatypes": ["notices"], "actions": ["read"]}]
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
HEADERS = {"cache-control": "no-store", "content-security-policy": POLICY, "referrer-policy": "no-referrer"}


@dataclass(slots=True, repr=False)
class Visitor:
    """One browser: on its way, or with tokens."""

    began: Began
    tokens: dict[str, Any] | None = None


class Site:
    """The pages below `path`. What is known of visitors is in memory only."""

    def __init__(self, name: str, path: str, client: Client) -> None:
        self._name = name
        self._path = path
        self._client = client
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()

    async def home(self, request: Request) -> Response:
        """The notices, for who has let them be read; else the way to that."""
        visitor = self._visitors.get(request.cookies.get(COOKIE, ""))
        if visitor is None or visitor.tokens is None:
            return _page(pages.home(self._name))
        return _page(pages.notices(self._name, await self._notices(visitor)))

    async def start(self, _request: Request) -> Response:
        """Push a request and send the browser to the portal."""
        began, address = await self._client.begin(DETAILS)
        cookie = token_urlsafe(32)
        self._visitors[cookie] = Visitor(began)
        while len(self._visitors) > MOST:
            self._visitors.popitem(last=False)
        answer = RedirectResponse(address, 303, HEADERS)
        # Lax, not strict: the browser comes back from the portal's site.
        answer.set_cookie(COOKIE, cookie, path=self._path, secure=True, httponly=True, samesite="lax")
        return answer

    async def back(self, request: Request) -> Response:
        """Take the portal's answer; an address with a code in it is left at once."""
        visitor = self._visitors.get(request.cookies.get(COOKIE, ""))
        if visitor is None or visitor.tokens is not None:
            raise NotGiven
        visitor.tokens = await self._client.finish(visitor.began, request.query_params)
        return RedirectResponse(self._path + "/", 303, HEADERS)

    async def _notices(self, visitor: Visitor) -> list[dict[str, str]]:
        key, tokens = visitor.began.key, visitor.tokens or {}
        try:
            read = await self._client.read("/notices", key, tokens["access_token"])
        except NotGiven:  # five minutes are over, or the consent is: a fresh token says which
            fresh = await self._client.refresh(key, tokens["refresh_token"])
            visitor.tokens = {**tokens, **fresh}
            read = await self._client.read("/notices", key, fresh["access_token"])
        found: list[dict[str, str]] = read["notices"]
        return found

    def forget(self, request: Request) -> None:
        self._visitors.pop(request.cookies.get(COOKIE, ""), None)


def routes(name: str, mount: str, client: Client) -> tuple[Route, ...]:
    """The pages of a company's body that is mounted at `mount`."""
    site = Site(name, f"{mount}/site", client)

    def told(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def handled(request: Request) -> Response:
            try:
                return await handler(request)
            except NotGiven:
                site.forget(request)
                return _page(pages.not_given(name), 403)
            except NotReached:
                return _page(pages.not_reached(name), 503)

        return handled

    return (
        Route("/site/", told(site.home)),
        Route("/site/start", told(site.start), methods=["POST"]),
        Route("/site/back", told(site.back)),
    )


def _page(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, HEADERS)
