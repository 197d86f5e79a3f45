"""Requests and answers in OAuth's own form: a form in, JSON out, nothing kept by anybody in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from backend_stub.oauth.faults import BAD_PROOF, Fault

FORM = "application/x-www-form-urlencoded"
LONGEST = 32 * 1024
PRIVATE = {"cache-control": "no-store"}
Handler = Callable[[Request], Awaitable[Response]]


async def read_form(request: Request) -> dict[str, str]:
    """Raises Fault: invalid_request, also when a parameter comes twice (RFC 6749, section 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Fault("invalid_request", "a form is needed")
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > LONGEST:
            raise Fault("invalid_request", "too long", 413)
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=False, strict_parsing=bool(content), errors="strict")
    except ValueError as exc:
        raise Fault("invalid_request", "not a form") from exc
    if len({name for name, _ in pairs}) != len(pairs):
        raise Fault("invalid_request", "a parameter twice")
    return dict(pairs)


def answer(content: Any, status: int = 200, headers: Mapping[str, str] = PRIVATE) -> Response:
    return JSONResponse(content, status, headers)


def refused_as_json(handler: Handler, challenge: str = "") -> Handler:
    """Turn a Fault into the answer that its RFC lays down. `challenge` is the scheme that a resource asks for."""

    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        except Fault as fault:
            content = {"error": fault.error, "error_description": fault.description}
            if not challenge:
                return answer(content, fault.status)
            headers = {**PRIVATE, "www-authenticate": f'{challenge} error="{fault.error}", algs="Ed25519 ES256"'}
            # A resource asks for a better proof, an endpoint says that this one is bad. Source: RFC 9449, section 7.1.
            return answer(content, 401 if fault.error == BAD_PROOF else fault.status, headers)

    return handled
