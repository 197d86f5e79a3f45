"""Proxies at the portal: offered by the person, agreed to by the proxy, or laid down by law at a counter.

Each confirms by the own card and PIN, one after the other: a session is the proof of both. A session in which somebody
acts for another is kept out of every endpoint that no scope names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import wraps
from typing import Any

from backend_client.wire import (
    ActingRequest,
    CounterProxy,
    NoticeDraft,
    Proxy,
    ProxyCode,
    ProxyCodeTyped,
    ProxyEnd,
    ProxyKind,
    ProxyList,
    ProxyOffer,
    ProxyOffered,
    ProxyScope,
    SenderKind,
    SignedIn,
)
from backend_stub.body import Call, Endpoint, Refusal
from backend_stub.portal.notices import Notices, Sender
from backend_stub.portal.offers import LIFETIME, Offers
from backend_stub.portal.proxies import Grant, Proxies
from backend_stub.portal.signed_in import SignedInPeople
from backend_stub.sessions import SESSION_LIFETIME
from backend_stub.verification import Verifier

PORTAL = "マイ・ポータル"
SCOPES = {
    ("GET", "/notices"): ProxyScope.NOTICES,
    ("GET", "/notices/{id}"): ProxyScope.NOTICES,
    ("GET", "/notices/{id}/documents/{number}"): ProxyScope.NOTICES,
    ("POST", "/notice-marks"): ProxyScope.NOTICES,
    ("POST", "/record-pages"): ProxyScope.RECORDS,
    ("GET", "/record-counts"): ProxyScope.RECORDS,
    ("POST", "/record-proofs"): ProxyScope.RECORDS,
    ("GET", "/cases"): ProxyScope.RECORDS,
    ("POST", "/cases"): ProxyScope.RECORDS,
    ("GET", "/applications"): ProxyScope.PROCEDURES,
    ("POST", "/withdrawals"): ProxyScope.PROCEDURES,
    ("GET", "/post"): ProxyScope.POST,
    ("POST", "/post-sendings"): ProxyScope.POST,
}
"""What of the portal each scope opens. What is not here no proxy ever reaches: consents, passes, other proxies."""


class ProxyDesk:
    """The endpoints about proxies. All raise Refusal."""

    def __init__(self, proxies: Proxies, sessions: SignedInPeople, verifier: Verifier, notices: Notices) -> None:
        self._proxies = proxies
        self._sessions = sessions
        self._verifier = verifier
        self._notices = notices
        self._offers = Offers()

    async def offer(self, call: Call, offer: ProxyOffer) -> ProxyCode:
        """Offer somebody to act for the person, by a code that this somebody types."""
        grant = Grant(ProxyKind.VOLUNTARY, offer.scopes, offer.until, offer.hidden)
        if grant.until <= call.now:
            raise Refusal("content_wrong")
        code = self._offers.give(self._sessions.folder(call.bearer, call.now), grant, call.now)
        return ProxyCode(code=code, lifetime_s=int(LIFETIME.total_seconds()))

    async def look(self, call: Call, typed: ProxyCodeTyped) -> ProxyOffered:
        """Tell the proxy who offers what."""
        offer = self._offers.find(typed.code, self._sessions.folder(call.bearer, call.now), call.now)
        name, _ = self._proxies.greeting(offer.principal)
        return ProxyOffered(name=name, scopes=offer.grant.scopes, until=offer.grant.until)

    async def accept(self, call: Call, typed: ProxyCodeTyped) -> Proxy:
        """Agree to an offer: from now on the proxy may act. The person is told by a notice."""
        folder_id = self._sessions.folder(call.bearer, call.now)
        offer = self._offers.take(typed.code, folder_id, call.now)
        made = self._proxies.keep(offer.principal, folder_id, offer.grant, call.now)
        self._tell(offer.principal, folder_id, call)
        return next(one for one in self._proxies.of(folder_id, call.now).proxies if one.id == made)

    async def lay_down(self, call: Call, laid: CounterProxy) -> None:
        """Keep what the law says: the counter has seen both cards and the papers."""
        if laid.kind is ProxyKind.VOLUNTARY:
            raise Refusal("content_wrong")
        certificates = [
            await self._verifier.certificate(one, call.now, call.trace_id) for one in (laid.principal, laid.proxy)
        ]
        principal, proxy = (self._proxies.folder_of(str(one.serial_number)) for one in certificates)
        self._proxies.keep(principal, proxy, Grant(laid.kind, laid.scopes, laid.until, laid.hidden), call.now)
        self._tell(principal, proxy, call)

    async def list_proxies(self, call: Call, _message: None) -> ProxyList:
        """List who acts for the person and for whom the person acts, and what was done for the person."""
        return self._proxies.of(self._sessions.folder(call.bearer, call.now), call.now)

    async def end(self, call: Call, end: ProxyEnd) -> None:
        """End a proxy at once; whoever acts at this moment is out."""
        self._proxies.end(end.proxy, self._sessions.folder(call.bearer, call.now), call.now)

    async def act(self, call: Call, request: ActingRequest) -> SignedIn:
        """Open a session in which the person acts for another."""
        folder_id, serial = self._sessions.both(call.bearer, call.now)
        principal = self._proxies.principal(request.proxy, folder_id, call.now)
        name, unread = self._proxies.greeting(principal)
        return SignedIn(
            session=self._sessions.open_acting(principal, serial, request.proxy, call.now),
            lifetime_s=int(SESSION_LIFETIME.total_seconds()),
            name=name,
            last_sign_in=None,
            unread_notices=unread,
        )

    def _tell(self, principal: str, proxy: str, call: Call) -> None:
        name, _ = self._proxies.greeting(proxy)
        draft = NoticeDraft(
            title="代理人が 決まりました",
            summary=(f"{name}さんが、あなたの代わりに 手続きできます。", "いつでも やめられます。"),
            body=f"{name}さんが、あなたの代理人になりました。\n心当たりがないときは、すぐに やめてください。",
        )
        self._notices.deliver(principal, Sender(PORTAL, SenderKind.AGENCY), draft, call.now)


class ActingGuard:
    """Stands before every endpoint for people who are signed in: who acts for another goes by the proxy's scopes."""

    def __init__(self, proxies: Proxies, sessions: SignedInPeople) -> None:
        self._proxies = proxies
        self._sessions = sessions

    def before(self, endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
        """The same endpoints, guarded."""
        return tuple(self._guarded(one) if one.session else one for one in endpoints)

    def hidden(self, call: Call) -> frozenset[str]:
        """Kinds of information that are hidden from whoever calls. Raises Refusal: session_unknown."""
        acting = self._sessions.acting(call.bearer, call.now)
        return self._proxies.hidden(acting) if acting else frozenset()

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        scope = SCOPES.get((endpoint.method, endpoint.path))

        @wraps(endpoint.handler)
        async def handler(call: Call, message: Any) -> Any:
            acting = self._sessions.acting(call.bearer, call.now)
            if acting and scope is None:
                raise Refusal("not_allowed")
            if acting and scope is not None:
                self._proxies.note(acting, scope, call.now)
            return await endpoint.handler(call, message)

        return replace(endpoint, handler=handler)
