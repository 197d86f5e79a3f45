"""The OpenAPI document of a body, made from the same structs that decode its messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import msgspec

from backend_client.wire import REFUSALS, Problem

REF = "#/components/schemas/{name}"
SECURITY = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421, Ed25519, a registered machine; over @method, @authority, @path and content-digest, "
        "created in the last minute, and a nonce that counts once",
    },
    "session": {"type": "http", "scheme": "bearer", "description": "from /sign-in"},
}


class Described(Protocol):
    """What the document tells of an endpoint."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def handler(self) -> Callable[..., Any]: ...
    @property
    def takes(self) -> Any: ...
    @property
    def gives(self) -> Any: ...
    @property
    def media_type(self) -> str: ...
    @property
    def roles(self) -> frozenset[Any]: ...
    @property
    def session(self) -> bool: ...


def document(title: str, endpoints: Iterable[Described]) -> dict[str, Any]:
    """OpenAPI 3.1, complete: every endpoint, message and refusal."""
    endpoints = tuple(endpoints)
    types = [Problem, *(t for e in endpoints for t in (e.takes, e.gives) if t is not None)]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    by_type = dict(zip(map(repr, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": SECURITY},
    }


def _operation(endpoint: Described, by_type: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.handler.__name__,
        "summary": (endpoint.handler.__doc__ or "").strip().partition("\n")[0],
        "parameters": [
            {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
            for part in endpoint.path.split("/")
            if part.startswith("{")
        ],
        "responses": {
            **_success(endpoint, by_type),
            **_refusals(by_type[repr(Problem)]),
        },
    }
    if endpoint.roles:
        operation["security"] = [{"signature": []}]
    elif endpoint.session:
        operation["security"] = [{"session": []}]
    if endpoint.takes is not None:
        operation["requestBody"] = {"required": True, "content": _json(by_type[repr(endpoint.takes)])}
    return operation


def _refusals(problem: dict[str, Any]) -> dict[str, Any]:
    """Each status with the codes it may stand for: a body also hands on what a neighbour has refused."""
    codes: dict[int, list[str]] = {}
    for code, (status, _) in REFUSALS.items():
        codes.setdefault(status, []).append(code)
    return {
        str(status): {"description": "refused: " + ", ".join(names), "content": _json(problem)}
        for status, names in sorted(codes.items())
    }


def _success(endpoint: Described, by_type: dict[str, Any]) -> dict[str, Any]:
    if endpoint.gives is not None:
        return {"200": {"description": "done", "content": _json(by_type[repr(endpoint.gives)])}}
    if endpoint.media_type == "application/json":
        return {"204": {"description": "done"}}
    return {"200": {"description": "done", "content": {endpoint.media_type: {}}}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
