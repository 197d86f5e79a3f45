"""One endpoint at work: from the bytes of a request to those of its answer, with as little between as can be.

It is an ASGI application by itself and not a function of Starlette's: what Starlette makes of a request costs as much
as an exchange's symbols and its place in the log. Answers that are no plain message are still Starlette's.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from random import getrandbits
from typing import Any, Protocol

import msgspec
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from backend_stub.database import refusal_code
from backend_stub.endpoint import Call, Endpoint, Refusal, Tagged
from backend_stub.logs import TRACE_ID
from backend_stub.machines import Machine, Registry, Unsigned
from backend_stub.metrics import Meter

log = logging.getLogger(__name__)

MAX_BODY = 4 * 1024 * 1024
MOST_READ = 8 * MAX_BODY
"""So much is read, and thrown away, before `too_large` is said: who is still sending would not hear it."""
A_TRACE_ID = re.compile(rb"[0-9A-Za-z-]{1,64}")
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_JSON = (b"content-type", b"application/json")


class Json:
    """A message as an answer."""

    __slots__ = ("_content",)
    status_code = 200

    def __init__(self, message: Any) -> None:
        self._content = msgspec.json.encode(message)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"%d" % len(self._content)), _JSON]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._content})


class House(Protocol):
    """What an endpoint needs of its body."""

    @property
    def name(self) -> str: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def meter(self) -> Meter: ...
    def problem(self, code: str, origin: str, trace_id: str) -> Response: ...


class Served:
    """An endpoint of a body, as an ASGI application. Whatever goes wrong inside becomes an answer."""

    def __init__(self, body: House, endpoint: Endpoint) -> None:
        self._body = body
        self._endpoint = endpoint
        self._name = f"{endpoint.method} {endpoint.path}"
        self._series = body.meter.of(self._name)
        self._decode = None if endpoint.takes is None else msgspec.json.Decoder(endpoint.takes).decode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        answer = await self._answer(scope, receive)
        took = time.perf_counter() - began
        self._series.count(answer.status_code, took)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s: %s, %d, %.1f ms", self._body.name, self._name, answer.status_code, took * 1000)
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Json | Response:
        trace_id, bearer = _read_headers(scope)
        TRACE_ID.set(trace_id)
        body = self._body
        try:
            raw = await _limited_body(receive)
            call = Call(body.clock(), trace_id, scope.get("path_params", {}), bearer, self._caller(scope, raw), raw)
            message = self._message(raw)
            return self._response(await self._endpoint.handler(call, message), scope)
        except Refusal as refusal:
            return body.problem(refusal.code, refusal.origin, refusal.trace_id or trace_id)
        except DBAPIError as exc:
            log.error("%s: database, %s, trace %s", body.name, type(exc.orig).__name__, trace_id)
            return body.problem(refusal_code(exc), "", trace_id)
        except Exception as exc:  # noqa: BLE001 - the edge: nothing of the exception's text may leave or be logged
            log.error("%s: %s at %s, trace %s", body.name, type(exc).__name__, _place(exc), trace_id)
            return body.problem("fault", "", trace_id)

    def _caller(self, scope: Scope, raw: bytes) -> Machine | None:
        """Find who signed, where that is asked. Raises Refusal."""
        roles = self._endpoint.roles
        if not roles:
            return None
        try:
            caller = self._body.registry.verify(scope, raw)
        except Unsigned as exc:
            raise Refusal("machine_unknown") from exc
        except OSError as exc:  # the nonce could not be kept, and without it the request could come again
            raise Refusal("storage_full") from exc
        if caller.roles.isdisjoint(roles):
            raise Refusal("not_allowed")
        return caller

    def _message(self, raw: bytes) -> Any:
        if self._decode is None:
            return None
        try:
            return self._decode(raw)
        except msgspec.ValidationError:
            return _with_whole_numbers(raw, self._endpoint.takes)
        except UNREADABLE as exc:
            raise Refusal("bad_request") from exc

    def _response(self, answer: Any, scope: Scope) -> Json | Response:
        if self._endpoint.gives is not None:
            return Json(answer)
        media_type = self._endpoint.media_type
        if isinstance(answer, AsyncIterator):
            return StreamingResponse(answer, media_type=media_type, headers={"cache-control": "no-store"})
        if isinstance(answer, Tagged):
            known, headers = answer.tag.encode() in _known_tags(scope), {"etag": answer.tag}
            return (
                Response(status_code=304, headers=headers)
                if known
                else Response(answer.content, 200, headers, media_type)
            )
        return Response(status_code=204) if answer is None else Response(answer, media_type=media_type)


def _with_whole_numbers(raw: bytes, takes: Any) -> Any:
    """Decode a message in which 3 is written 3.0: an integer, in JSON Schema and many languages. Raises Refusal."""
    try:
        return msgspec.convert(_whole(msgspec.json.decode(raw)), takes)
    except UNREADABLE as exc:
        raise Refusal("bad_request") from exc


def _whole(value: Any) -> Any:
    match value:
        case float():
            return int(value) if value.is_integer() else value
        case list():
            return [_whole(one) for one in value]
        case dict():
            return {name: _whole(one) for name, one in value.items()}
    return value


def trace_id_of(given: bytes) -> str:
    """The caller's, if it is one: what goes into logs is never free text. Else a new one: it is no secret."""
    return given.decode() if A_TRACE_ID.fullmatch(given) else f"{getrandbits(128):032x}"


def _read_headers(scope: Scope) -> tuple[str, str]:
    """Trace id and bearer token. Of a field that came twice the first counts."""
    given = authorization = None
    for name, value in scope["headers"]:
        if name == b"x-trace-id":
            given = given or value
        elif name == b"authorization":
            authorization = authorization or value
    return trace_id_of(given or b""), "" if authorization is None else _bearer(authorization)


def _known_tags(scope: Scope) -> set[bytes]:
    given = (value for name, value in scope["headers"] if name == b"if-none-match")
    return {tag.strip() for value in given for tag in value.split(b",")}


def _bearer(authorization: bytes) -> str:
    scheme, _, bearer = authorization.decode("latin-1").partition(" ")
    return bearer if scheme.lower() == "bearer" else ""


async def _limited_body(receive: Receive) -> bytes:
    """Read the content. Raises Refusal when it is too large, or when its sender has gone."""
    parts, size, more = [], 0, True
    while more and size <= MOST_READ:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Refusal("bad_request")
        part, more = event.get("body", b""), event.get("more_body", False)
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
    if size > MAX_BODY:
        raise Refusal("too_large")
    return b"".join(parts)


def _place(exc: BaseException) -> str:
    trace = exc.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
