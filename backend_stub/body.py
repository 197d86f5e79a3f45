"""What every body is made of: endpoints with typed messages, one way to refuse, health and an OpenAPI document.

A body is its own ASGI application with its own database and knows nothing of its neighbours but the wire.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from backend_client.wire import REFUSALS, Health, Problem
from backend_stub.doors import Doors
from backend_stub.endpoint import Call, Endpoint, Handler, Refusal
from backend_stub.machines import Registry
from backend_stub.metrics import MEDIA_TYPE, Figure, Meter, as_text
from backend_stub.openapi import document
from backend_stub.served import MAX_BODY, Served, trace_id_of

__all__ = ["MAX_BODY", "Body", "Call", "Clock", "Endpoint", "Handler", "Refusal"]

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Body:
    """A body's name, its endpoints and what they need of the outside."""

    name: str
    title: str
    endpoints: tuple[Endpoint, ...]
    registry: Registry
    clock: Clock
    healthy: Callable[[], bool]
    start: Callable[[], None] | None = None
    """Begins what the body does beside answering, once the others can be reached."""
    work: Callable[[], Awaitable[bool]] | None = None
    """Does once through, while one waits, what otherwise goes on of itself; False when some of it is left."""
    close: Callable[[], Awaitable[None]] | None = None
    """Ends what the body does beside answering."""
    routes: tuple[Route, ...] = ()
    """What another standard lays down to the letter, and no message of the house's."""
    figures: tuple[Figure, ...] = ()
    """What it counts itself, for /metrics."""
    meter: Meter = field(default_factory=Meter)

    def app(self) -> Doors:
        served = {endpoint: Served(self, endpoint) for endpoint in self.endpoints}
        routes = [Route(e.path, app, methods=[e.method]) for e, app in served.items()]
        routes.extend(self.routes)
        routes.append(Route("/openapi.json", self._openapi))
        routes.append(Route("/health", self._health))
        routes.append(Route("/metrics", self._metrics))
        app = Doors(routes=routes, exception_handlers={404: self._no_such_path, 405: self._no_such_method})
        app.open({(e.method, e.path): one for e, one in served.items() if "{" not in e.path})
        return app

    def problem(self, code: str, origin: str, trace_id: str) -> Response:
        """The answer that refuses."""
        status, meaning = REFUSALS[code]
        log.info("%s: refused, %s of %s", self.name, code, origin or self.name)
        problem = Problem(code=code, origin=origin or self.name, trace_id=trace_id, message=meaning)
        return Response(msgspec.json.encode(problem), status, media_type="application/json")

    async def _no_such_path(self, request: Request, _exc: Exception) -> Response:
        return self.problem("not_found", "", _trace_id(request))

    async def _no_such_method(self, request: Request, _exc: Exception) -> Response:
        answer = self.problem("method_unknown", "", _trace_id(request))
        answer.headers["allow"] = ", ".join(sorted(_methods_at(request)))
        return answer

    async def _metrics(self, request: Request) -> Response:
        return Response(as_text([self.metered]), headers={"content-type": MEDIA_TYPE})

    @property
    def metered(self) -> tuple[str, Meter, tuple[Figure, ...]]:
        """What /metrics tells of it."""
        return self.name, self.meter, self.figures

    async def _health(self, request: Request) -> Response:
        ok = self.healthy()
        answer = Health(ok=ok, bodies={self.name: ok})
        return Response(msgspec.json.encode(answer), 200 if ok else 503, media_type="application/json")

    async def _openapi(self, request: Request) -> Response:
        answer = document(self.title, self.endpoints)
        return Response(msgspec.json.encode(answer), media_type="application/json")


def _methods_at(request: Request) -> set[str]:
    """All that the path of a request takes. What Starlette says itself is the first route's alone."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    return {m for route in routes if route.matches(request.scope)[0] is not Match.NONE for m in route.methods or ()}


def _trace_id(request: Request) -> str:
    return trace_id_of(request.headers.get("x-trace-id", "").encode("latin-1"))
