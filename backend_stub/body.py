"""What every body is made of: endpoints with typed messages, one way to refuse, health and an OpenAPI document.

A body is its own ASGI application with its own database and knows nothing of its neighbours but the wire.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backend_client.wire import REFUSALS, Health, Problem
from backend_stub.machines import Machine, Registry, Role, Unsigned
from backend_stub.openapi import document

log = logging.getLogger(__name__)

MAX_BODY = 4 * 1024 * 1024
TRACE_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
Clock = Callable[[], datetime]


class Refusal(Exception):
    """A body says no. `code` is one of wire.REFUSALS; `origin` is set when it passes on a neighbour's refusal."""

    def __init__(self, code: str, origin: str = "", trace_id: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.origin = origin
        self.trace_id = trace_id


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked as far as its endpoint asks."""

    now: datetime
    trace_id: str
    params: dict[str, str]
    bearer: str
    """The session token sent along; empty when there is none."""
    caller: Machine | None
    """Who signed; set exactly for endpoints with roles."""
    raw: bytes
    """The content as it came, for endpoints that take no message."""

    @property
    def machine(self) -> Machine:
        assert self.caller is not None, "only endpoints with roles ask who signed"  # noqa: S101
        return self.caller


Handler = Callable[[Call, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method and path, the message it takes and the one it gives, and which machines it serves (none: citizens)."""

    method: str
    path: str
    handler: Handler
    takes: Any = None
    gives: Any = None
    roles: frozenset[Role] = frozenset()
    media_type: str = "application/json"
    """Of raw answers (handlers of endpoints without `gives` return bytes or None)."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body's name, its endpoints and what they need of the outside."""

    name: str
    title: str
    endpoints: tuple[Endpoint, ...]
    registry: Registry
    clock: Clock
    healthy: Callable[[], bool]

    def app(self) -> Starlette:
        routes = [Route(e.path, self._serve(e), methods=[e.method]) for e in self.endpoints]
        routes.append(Route("/openapi.json", self._openapi))
        routes.append(Route("/health", self._health))
        return Starlette(routes=routes)

    def _serve(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            trace_id = _trace_id(request)
            try:
                call = await self._call(endpoint, request, trace_id)
                message = _decode(endpoint.takes, call.raw) if endpoint.takes is not None else None
                return _answer(endpoint, await endpoint.handler(call, message))
            except Refusal as refusal:
                return self._problem(refusal.code, refusal.origin, refusal.trace_id or trace_id)
            except DBAPIError as exc:
                code = "storage_full" if "full" in str(exc.orig) else "fault"
                log.error("%s: database, %s, trace %s", self.name, type(exc.orig).__name__, trace_id)
                return self._problem(code, "", trace_id)
            except Exception as exc:  # noqa: BLE001 - the edge: nothing of the exception's text may leave or be logged
                log.error("%s: %s at %s, trace %s", self.name, type(exc).__name__, _place(exc), trace_id)
                return self._problem("fault", "", trace_id)

        return serve

    async def _call(self, endpoint: Endpoint, request: Request, trace_id: str) -> Call:
        raw = await _limited_body(request)
        now = self.clock()
        caller = None
        if endpoint.roles:
            try:
                caller = self.registry.verify(request, raw, now)
            except Unsigned as exc:
                raise Refusal("machine_unknown") from exc
            if not caller.roles & endpoint.roles:
                raise Refusal("not_allowed")
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        bearer = bearer if scheme.lower() == "bearer" else ""
        return Call(now, trace_id, dict(request.path_params), bearer, caller, raw)

    def _problem(self, code: str, origin: str, trace_id: str) -> Response:
        status, meaning = REFUSALS[code]
        problem = Problem(code=code, origin=origin or self.name, trace_id=trace_id, message=meaning)
        return Response(msgspec.json.encode(problem), status, media_type="application/json")

    async def _health(self, request: Request) -> Response:
        ok = self.healthy()
        answer = Health(ok=ok, bodies={self.name: ok})
        return Response(msgspec.json.encode(answer), 200 if ok else 503, media_type="application/json")

    async def _openapi(self, request: Request) -> Response:
        answer = document(self.title, self.endpoints)
        return Response(msgspec.json.encode(answer), media_type="application/json")


def _trace_id(request: Request) -> str:
    """The caller's, if it is one: what goes into logs is never free text."""
    given = request.headers.get("x-trace-id", "")
    return given if TRACE_ID.fullmatch(given) else uuid4().hex


async def _limited_body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise Refusal("bad_request")
        parts.append(part)
    return b"".join(parts)


def _decode(type_: Any, raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise Refusal("bad_request") from exc


def _answer(endpoint: Endpoint, answer: Any) -> Response:
    if endpoint.gives is not None:
        return Response(msgspec.json.encode(answer), media_type="application/json")
    return Response(status_code=204) if answer is None else Response(answer, media_type=endpoint.media_type)


def _place(exc: BaseException) -> str:
    trace = exc.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
