"""Every body against its own OpenAPI document: what it says it takes it takes, what it says it gives it gives."""

from __future__ import annotations

import os
import shutil
import time
from asyncio import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from backend_kit import ORIGIN, START, Clock
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend_stub.body import Body, Endpoint
from backend_stub.members import MEMBERS
from backend_stub.openapi import document
from backend_stub.people import load_residents
from backend_stub.setups import body_folder, machine_key
from backend_stub.signatures import Target, sign
from backend_stub.town import BODIES, Town, build_town

EXAMPLES = int(os.environ.get("MADOGUCHI_FUZZ_EXAMPLES", "4"))
"""For each endpoint and each of the two modes; `script/soak openapi` asks for more, and draws new ones each time."""
SOAK = "MADOGUCHI_FUZZ_EXAMPLES" in os.environ
PLEASE_SIGN = "please"
STREAM = b"text/event-stream"
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


class Entitled:
    """Signs what asks for it, as a machine that may ask this body; of a stream it takes the first bytes."""

    def __init__(self, app: ASGIApp, body: Body, data: Path) -> None:
        self._app = app
        self._members = [(e.method, compile_path(e.path)[0], _asker(body.name, e)) for e in body.endpoints if e.roles]
        self._keys = {m: machine_key(body_folder(data, m)) for _, _, m in self._members if m}
        self._serial = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        wanted = scope.get("method", ""), scope.get("path", "")
        member = next((m for method, path, m in self._members if method == wanted[0] and path.match(wanted[1])), "")
        if not member or headers.get(b"signature") != PLEASE_SIGN.encode():
            return await _until_it_streams(self._app, scope, receive, send)
        content = await _whole(receive)
        self._serial += 1
        nonce = f"fuzz-{self._serial:016}"
        target = Target(scope["method"].encode(), scope["scheme"].encode(), scope["raw_path"])
        signed = sign(self._keys[member], member, nonce, int(time.time()), target, headers[b"host"], content)
        rest = [(name, value) for name, value in scope["headers"] if name.decode() not in signed]
        fields = [*rest, *((name.encode(), value.encode()) for name, value in signed.items())]

        messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

        async def again() -> Message:
            return messages.pop() if messages else await Future()  # the caller stays

        await _until_it_streams(self._app, {**scope, "headers": fields}, again, send)


class _Gone(Exception):
    """The caller of a stream, once it has seen how it begins."""


async def _until_it_streams(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    streams = False

    async def sent(message: Message) -> None:
        nonlocal streams
        if message["type"] == "http.response.start":
            streams = dict(message["headers"]).get(b"content-type", b"").startswith(STREAM)
        await send({**message, "more_body": False} if streams and message["type"] == "http.response.body" else message)
        if streams and message["type"] == "http.response.body":
            raise _Gone

    with suppress(_Gone):
        await app(scope, receive, sent)


def _asker(body: str, endpoint: Endpoint) -> str:
    """A member that may ask it. There is none for what an agency serves that nobody needs."""
    return next((m.id for m in MEMBERS if m.roles & endpoint.roles and body in m.asks), "")


async def _whole(receive: Receive) -> bytes:
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return content


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory, authority_keys: Path) -> tuple[Town, Path]:
    data = tmp_path_factory.mktemp("fuzzed")
    shutil.copytree(authority_keys, body_folder(data, "authority"))
    return build_town(data, (ORIGIN,), load_residents(), Clock(START)), data


@pytest.mark.logs("alarm: ")
@pytest.mark.parametrize("name", BODIES)
def test_a_body_keeps_to_its_document(fuzzed: tuple[Town, Path], name: str) -> None:
    town, data = fuzzed
    body = next(body for body in town.bodies if body.name == name)
    schema = schemathesis.openapi.from_dict(document(body.title, body.endpoints))
    schema.app = Entitled(body.app(), body, data)
    for found in schema.get_all_operations():
        operation = found.ok()
        _cover(operation)
        _fuzz(operation, GenerationMode.POSITIVE)
        if "requestBody" in operation.definition.raw:
            _fuzz(operation, GenerationMode.NEGATIVE)


def _cover(operation: Any) -> None:
    """What each limit in the document asks for: values on it and beyond it, other methods, fields left out."""
    generation = operation.schema.config.generation_for(operation=operation, phase="coverage")
    for case in operation.schema.iter_coverage_cases(operation, generation_modes=BOTH, generation_config=generation):
        _keeps_to_it(case)


def _fuzz(operation: Any, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=not SOAK,
    )
    def fuzz(case: Case[Any]) -> None:
        _keeps_to_it(case)

    fuzz()


def _keeps_to_it(case: Case[Any]) -> None:
    signed = "signature" in str(case.operation.definition.raw.get("security"))
    case.call_and_validate(headers={"Signature": PLEASE_SIGN} if signed else {})
