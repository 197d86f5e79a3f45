"""Every body against its own OpenAPI document: what it says it takes it takes, what it says it gives it gives."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from backend_kit import ORIGIN, START, Clock
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend_stub.body import Body, Endpoint
from backend_stub.members import MEMBERS
from backend_stub.openapi import document
from backend_stub.people import load_residents
from backend_stub.setups import body_folder, machine_key
from backend_stub.signatures import Target, sign
from backend_stub.town import BODIES, Town, build_town

EXAMPLES = 12
PLEASE_SIGN = "please"
STREAMS = "text/event-stream"


class Entitled:
    """Signs what asks for it, as a machine that may ask this body."""

    def __init__(self, app: ASGIApp, body: Body, data: Path) -> None:
        self._app = app
        self._members = {(e.method, e.path): _asker(body.name, e) for e in body.endpoints if e.roles}
        self._keys = {m: machine_key(body_folder(data, m)) for m in self._members.values() if m}
        self._serial = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        member = self._members.get((scope.get("method", ""), scope.get("path", "")))
        if not member or headers.get(b"signature") != PLEASE_SIGN.encode():
            return await self._app(scope, receive, send)
        content = await _whole(receive)
        self._serial += 1
        nonce = f"fuzz-{self._serial:016}"
        target = Target(scope["method"].encode(), scope["scheme"].encode(), scope["raw_path"])
        signed = sign(self._keys[member], member, nonce, int(time.time()), target, headers[b"host"], content)
        rest = [(name, value) for name, value in scope["headers"] if name.decode() not in signed]
        fields = [*rest, *((name.encode(), value.encode()) for name, value in signed.items())]

        async def again() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        return await self._app({**scope, "headers": fields}, again, send)


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
    # A document cannot say all that a message must be: that a moment is not past, that Base64 holds a certificate.
    acceptance = schema.config.checks.positive_data_acceptance
    acceptance.expected_statuses = [*acceptance.expected_statuses, "400"]
    schema.app = Entitled(body.app(), body, data)
    for operation in _operations(schema):
        _fuzz(operation, GenerationMode.POSITIVE)
        if "requestBody" in operation.definition.raw:
            _fuzz(operation, GenerationMode.NEGATIVE)


def _operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        operation = found.ok()
        if STREAMS not in operation.definition.raw["responses"].get("200", {}).get("content", {}):
            yield operation


def _fuzz(operation: Any, mode: GenerationMode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def keeps_to_it(case: Case) -> None:
        signed = {"Signature": PLEASE_SIGN} if "signature" in str(operation.definition.raw.get("security")) else {}
        case.call_and_validate(headers=signed)

    keeps_to_it()
