"""The kiosk's side of the wire, over httpx with TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import httpx
import msgspec

from backend_client import wire
from backend_client.errors import BackendError, Broken, NotGenuine, Refused, TooSlow, Unreachable
from backend_client.own_information import Asking, OwnInformation
from backend_client.service import Service

T = TypeVar("T")

DEADLINE_S = 10.0
"""How long one answer may take; people lose the thread after ten seconds (Nielsen)."""

LARGEST = 4 * 1024 * 1024
"""Bytes of the longest answer worth reading; a longer one is a fault, not news."""

QUIET_S = 25.0
"""A stream that says nothing for so long, not even that it is quiet, is dead."""

KEEP_ALIVE_S = 2.0
"""Shorter than any server's, so that nothing is ever sent on a connection the server is just closing."""


class Backend:
    """One backend, one visit. Holds the portal session in memory; `close` forgets it.

    Every method raises BackendError leaves. Reads are tried once more on a fresh connection when the first was cut;
    anything that changes something is sent once. The deadline bounds the whole answer, second try included.
    """

    def __init__(
        self, base_url: str, ca_file: Path, deadline_s: float = DEADLINE_S, signer: httpx.Auth | None = None
    ) -> None:
        """Trusts the authority in `ca_file` (PEM) and no other. Raises ValueError for an address without TLS.

        A machine that speaks for a body has a `signer`; a citizen's kiosk has none.
        """
        url = httpx.URL(base_url)
        if url.scheme != "https":
            raise ValueError(f"{base_url}: the backend is reached by https only")
        self._origin = f"https://{url.netloc.decode()}"
        self._deadline_s = deadline_s
        self._session: str | None = None
        self._own: str | None = None
        """The person's own session, while the person acts for another."""
        self._services: dict[str, Service] = {}
        self._own_services: dict[str, Service] = {}
        # trust_env off: a proxy named in the environment must not see a citizen's session.
        self._http = httpx.AsyncClient(
            base_url=url,
            verify=ssl.create_default_context(cafile=str(ca_file)),
            trust_env=False,
            auth=signer,
            timeout=httpx.Timeout(None),  # httpx bounds each read; the deadline must bound the sum of them
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_S),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    def __repr__(self) -> str:
        return f"<Backend {self._origin}>"

    @property
    def origin(self) -> str:
        """scheme://host:port as this kiosk knows it, for the AuthToken; never taken from an answer."""
        return self._origin

    async def portal_challenge(self) -> wire.Challenge:
        return await self._post("/portal/challenges", None, wire.Challenge)

    async def sign_in(self, request: wire.SignIn) -> wire.SignInAnswer:
        """Keeps the session for the calls below when signed in."""
        answer: wire.SignInAnswer = await self._post("/portal/sign-in", request, wire.SignInAnswer)  # type: ignore[arg-type]
        if isinstance(answer, wire.SignedIn):
            self._session = answer.session
        return answer

    async def register(self, request: wire.Registration) -> wire.SignedIn:
        answer = await self._post("/portal/registrations", request, wire.SignedIn)
        self._session = answer.session
        return answer

    async def sign_ins(self, page: int) -> wire.SignInPage:
        return await self._get(f"/portal/sign-ins/{page}", wire.SignInPage)

    async def block(self) -> None:
        """Nobody enters the folder any more until the counter releases it; this session ends too."""
        await self._send("POST", "/portal/blocks", None, self._session)
        self._session = None
        self._services.clear()

    async def notices(self) -> wire.NoticeList:
        return await self._get("/portal/notices", wire.NoticeList)

    async def notice(self, notice_id: str) -> wire.Notice:
        return await self._get(f"/portal/notices/{quote(notice_id, safe='')}", wire.Notice)

    async def notice_document(self, notice_id: str, number: int) -> wire.Document:
        return await self._get(f"/portal/notices/{quote(notice_id, safe='')}/documents/{number}", wire.Document)

    async def mark_notice(self, mark: wire.MarkNotice) -> None:
        await self._send("POST", "/portal/notice-marks", mark, self._session)

    async def share_notice(self, share: wire.ShareNotice) -> wire.NoticeShare:
        return await self._post("/portal/notice-shares", share, wire.NoticeShare)

    async def shared_notice(self, shared: wire.SharedNotice) -> wire.Notice:
        """Uses the code up."""
        return await self._post("/portal/shared-notices", shared, wire.Notice)

    async def records(self) -> wire.RecordList:
        return await self._get("/portal/records", wire.RecordList)

    async def record_page(self, request: wire.RecordPageRequest) -> wire.RecordPage:
        return await self._post("/portal/record-pages", request, wire.RecordPage)

    async def record_counts(self) -> wire.RecordCounts:
        return await self._get("/portal/record-counts", wire.RecordCounts)

    async def prove_record(self, number: str) -> wire.ProvenRecord:
        return await self._post("/portal/record-proofs", wire.ProofAsked(transaction_number=number), wire.ProvenRecord)

    async def witnessed_head(self) -> wire.SignedHead:
        """The newest head of the gateway's log that the commission has seen."""
        return await self.ask("GET", "/commission/heads/latest", None, wire.SignedHead, None)

    async def growth(self, old: int, new: int) -> wire.Consistency:
        return await self.ask("GET", f"/gateway/consistency/{old}/{new}", None, wire.Consistency, None)

    async def own_holders(self) -> wire.OwnHolders:
        return await self._get("/portal/own-information/holders", wire.OwnHolders)

    async def own_information(self, law: str) -> OwnInformation:
        """Ask one holder; nobody on the way reads the answer. Refused (`no_data`) where it has nothing."""
        asking = Asking()
        request = wire.OwnRequest(law=law, key=asking.key)
        return asking.open(await self._post("/portal/own-information", request, wire.OwnAnswer))

    async def cases(self) -> wire.CaseList:
        return await self._get("/portal/cases", wire.CaseList)

    async def open_case(self, number: str) -> wire.Case:
        """Asked again, it is the same case."""
        return await self._post("/portal/cases", wire.CaseOpening(transaction_number=number), wire.Case)

    async def own_changes(self, since: datetime) -> wire.Changed:
        return await self._post("/portal/own-changes", wire.OwnChanges(since=since), wire.Changed)

    async def proxies(self) -> wire.ProxyList:
        return await self._get("/portal/proxies", wire.ProxyList)

    async def offer_proxy(self, offer: wire.ProxyOffer) -> wire.ProxyCode:
        return await self._post("/portal/proxy-offers", offer, wire.ProxyCode)

    async def look_at_offer(self, code: str) -> wire.ProxyOffered:
        return await self._post("/portal/proxy-codes", wire.ProxyCodeTyped(code=code), wire.ProxyOffered)

    async def accept_offer(self, code: str) -> wire.Proxy:
        return await self._post("/portal/proxies", wire.ProxyCodeTyped(code=code), wire.Proxy)

    async def end_proxy(self, proxy: str) -> None:
        await self._send("POST", "/portal/proxy-ends", wire.ProxyEnd(proxy=proxy), self._session)

    async def act_for(self, proxy: str) -> wire.SignedIn:
        """From now on all calls are for the other person, until `act_no_more`."""
        answer = await self._post("/portal/actings", wire.ActingRequest(proxy=proxy), wire.SignedIn)
        self._own, self._session = self._session, answer.session
        self._services, self._own_services = {}, self._services
        return answer

    def act_no_more(self) -> None:
        """Calls are the person's own again; quiet when they were. The other session is worth nothing any more."""
        if self._own is not None:
            self._session, self._own = self._own, None
            self._services, self._own_services = self._own_services, {}

    async def life_events(self) -> wire.LifeEventList:
        return await self._get("/portal/life-events", wire.LifeEventList)

    async def life_event(self, event: str) -> wire.LifeEvent:
        return await self._get(f"/portal/life-events/{quote(event, safe='')}", wire.LifeEvent)

    async def towns(self, postcode: str) -> wire.Towns:
        return await self._get(f"/portal/postcodes/{quote(postcode, safe='')}", wire.Towns)

    async def applications(self) -> wire.ApplicationList:
        return await self._get("/portal/applications", wire.ApplicationList)

    async def save_draft(self, draft: wire.DraftSave) -> wire.Draft:
        return await self._post("/portal/drafts", draft, wire.Draft)

    async def submit(self, submission: wire.Submission) -> wire.Application:
        """Sent again, it counts once."""
        return await self._post("/portal/applications", submission, wire.Application)

    async def resend(self, resending: wire.Resending) -> wire.Application:
        return await self._post("/portal/resendings", resending, wire.Application)

    async def withdraw(self, withdrawal: wire.Withdrawal) -> wire.Application:
        return await self._post("/portal/withdrawals", withdrawal, wire.Application)

    async def post_box(self) -> wire.PostList:
        return await self._get("/portal/post", wire.PostList)

    async def send_on(self, sending: wire.SendOn) -> None:
        await self._send("POST", "/portal/post-sendings", sending, self._session)

    async def sign_out(self) -> None:
        """Ends the session at the portal; quiet when there is none or the line is down. Forgets it here in any case."""
        self.act_no_more()
        if self._session is None:
            return
        try:
            await self._send("POST", "/portal/sign-out", None, self._session)
        except BackendError:
            return
        finally:
            self._session = None
            self._services.clear()

    async def give_pass(self, service: str) -> wire.Pass:
        """Fetch a pass for a service; with the first one the person lets it in."""
        return await self._post("/portal/passes", wire.PassRequest(service=service), wire.Pass)

    def service(self, name: str, mount: str) -> Service:
        """A service that is entered by a pass; the same one during the whole visit."""
        return self._services.setdefault(name, Service(self, name, mount))

    async def ask(self, method: str, path: str, message: wire.Message | None, kind: type[T], session: str | None) -> T:
        """One call with a session of a service's own, or with none."""
        return _decode(await self._send(method, path, message, session), kind)

    @asynccontextmanager
    async def listen(self, path: str) -> AsyncIterator[AsyncIterator[str]]:
        """A stream of server-sent events that anybody may hear: its lines, for as long as they come.

        Raises BackendError leaves, inside too when it breaks; TooSlow when it is quiet for QUIET_S.
        """
        waits = httpx.Timeout(self._deadline_s, read=QUIET_S)
        try:
            async with self._http.stream("GET", path, headers={"Accept": "text/event-stream"}, timeout=waits) as answer:
                if not answer.is_success:
                    raise Broken(f"status {answer.status_code}")
                yield _lines(answer)
        except httpx.TimeoutException as exc:
            raise TooSlow from exc
        except httpx.TransportError as exc:
            raise (NotGenuine if not_genuine(exc) else Unreachable) from exc

    async def tell(self, path: str, message: wire.Message | None, session: str) -> None:
        """The same for what is answered by nothing but that it arrived."""
        await self._send("POST", path, message, session)

    async def medical_challenge(self) -> wire.Challenge:
        return await self._post("/medical/challenges", None, wire.Challenge)

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        return await self._post("/medical/eligibility", request, wire.Eligibility)

    async def close(self) -> None:
        self._session = self._own = None
        self._services.clear()
        await self._http.aclose()

    async def _get(self, path: str, kind: type[T]) -> T:
        return _decode(await self._send("GET", path, None, self._session), kind)

    async def _post(self, path: str, message: wire.Message | None, kind: type[T]) -> T:
        return _decode(await self._send("POST", path, message, self._session), kind)

    async def _send(self, method: str, path: str, message: wire.Message | None, session: str | None) -> bytes:
        tries = 2 if method == "GET" else 1
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._try(self._request(method, path, message, session), tries)
        except TimeoutError as exc:
            raise TooSlow from exc

    def _request(self, method: str, path: str, message: wire.Message | None, session: str | None) -> httpx.Request:
        headers = {} if session is None else {"Authorization": f"Bearer {session}"}
        if message is None:
            return self._http.build_request(method, path, headers=headers)
        headers["Content-Type"] = "application/json"
        return self._http.build_request(method, path, headers=headers, content=msgspec.json.encode(message))

    async def _try(self, request: httpx.Request, tries: int) -> bytes:
        while True:
            tries -= 1
            try:
                return await self._exchange(request)
            except httpx.TransportError as exc:
                if not_genuine(exc):
                    raise NotGenuine from exc
                if tries == 0:
                    raise Unreachable from exc

    async def _exchange(self, request: httpx.Request) -> bytes:
        answer = await self._http.send(request, stream=True)
        try:
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise Broken("the answer is too long")
        finally:
            await answer.aclose()
        return _settle(answer, bytes(body))


async def _lines(answer: httpx.Response) -> AsyncIterator[str]:
    """Line by line. Raises Broken for one that never ends, or that is no text."""
    rest = bytearray()
    async for part in answer.aiter_raw():
        rest += part
        *whole, rest = rest.split(b"\n")
        for line in whole:
            try:
                yield line.decode()
            except UnicodeDecodeError as exc:
                raise Broken("not a line of text") from exc
        if len(rest) > LARGEST:
            raise Broken("a line is too long")


def _settle(answer: httpx.Response, body: bytes) -> bytes:
    """The body of an answer that went well. Raises Refused with the backend's own reason, or Broken."""
    if answer.is_success:
        return body
    if not answer.is_error:
        raise Broken(f"status {answer.status_code}")
    problem = _decode(body, wire.Problem)
    raise Refused(problem.code, problem.origin, problem.trace_id)


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        # Done and nothing to say (204) is no JSON, not even null.
        return msgspec.json.decode(body if body or kind is not type(None) else b"null", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise Broken(f"not a {kind}") from exc


def not_genuine(exc: BaseException) -> bool:
    """Whether the TLS handshake failed for what the server is, and not because the line was cut in the middle."""
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return not isinstance(cause, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
        cause = cause.__cause__ or cause.__context__
    return False
