"""The company's page at work: who is before it is known by a cookie of its own, and has tokens or not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from backend_stub.partners.site import pages
from backend_stub.partners.site.client import Client, NotGiven, NotReached
from backend_stub.partners.site.visit import Page, Visit

COOKIE = "my-page"
MOST = 10_000
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
HEADERS = {"cache-control": "no-store", "content-security-policy": POLICY, "referrer-policy": "no-referrer"}


class Site:
    """The pages below `path`. What is known of visitors is in memory only."""

    def __init__(self, path: str, client: Client, page: Page) -> None:
        self._page = page
        self._path = path
        self._client = client
        self._visitors: OrderedDict[str, Visit] = OrderedDict()

    async def home(self, request: Request) -> Response:
        """What the page is about, for who has let it be read; else the way to that."""
        visitor = self._visitors.get(request.cookies.get(COOKIE, ""))
        if visitor is None or visitor.tokens is None:
            return _page(self._page.first())
        return _page(await self._page.shown(visitor))

    async def done(self, request: Request) -> Response:
        """Do what the page's button says."""
        visitor = self._visitors.get(request.cookies.get(COOKIE, ""))
        if visitor is None or visitor.tokens is None:
            raise NotGiven
        return _page(await self._page.done(visitor))

    async def start(self, _request: Request) -> Response:
        """Push a request and send the browser to the portal."""
        began, address = await self._client.begin(self._page.details)
        cookie = token_urlsafe(32)
        self._visitors[cookie] = Visit(began, self._client)
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

    def forget(self, request: Request) -> None:
        self._visitors.pop(request.cookies.get(COOKIE, ""), None)


def routes(name: str, mount: str, client: Client, page: Page) -> tuple[Route, ...]:
    """The pages of a company's body that is mounted at `mount`."""
    site = Site(f"{mount}/site", client, page)

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
        Route("/site/done", told(site.done), methods=["POST"]),
    )


def _page(text: str, status: int = 200) -> Response:
    return HTMLResponse(text, status, HEADERS)
