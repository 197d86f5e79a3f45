"""One endpoint as an ASGI application, down to what no client library sends."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from backend_client.wire import Problem
from backend_stub.body import Body, Call, Endpoint
from backend_stub.machines import Registry

PARTS = (
    {"type": "http.request", "body": b'{"a":', "more_body": True},
    {"type": "http.request", "body": b"", "more_body": True},
    {"type": "http.request", "body": b"1}"},
)
GONE = ({"type": "http.request", "body": b'{"a":', "more_body": True}, {"type": "http.disconnect"})


async def echo(call: Call, _message: None) -> bytes:
    return b"%b %b %b" % (call.raw, call.bearer.encode(), call.trace_id.encode())


async def send(events: Sequence[dict[str, Any]], headers: Sequence[tuple[bytes, bytes]] = ()) -> tuple[int, bytes]:
    body = Body(
        name="portal",
        title="",
        endpoints=(Endpoint("POST", "/echo", echo, media_type="text/plain"),),
        registry=Registry(()),
        clock=lambda: datetime.now(UTC),
        healthy=lambda: True,
    )
    left, said = iter(events), []

    async def receive() -> MutableMapping[str, Any]:
        return next(left)

    async def answer(event: MutableMapping[str, Any]) -> None:
        said.append(event)

    scope = {"type": "http", "method": "POST", "path": "/echo", "headers": list(headers)}
    await body.app()(scope, receive, answer)
    return said[0]["status"], said[1]["body"]


async def test_a_content_in_parts_is_put_together() -> None:
    status, answer = await send(PARTS, [(b"x-trace-id", b"t-1")])
    assert (status, answer) == (200, b'{"a":1}  t-1')


async def test_who_hangs_up_in_the_middle_is_refused_and_no_fault() -> None:
    status, answer = await send(GONE)
    assert (status, msgspec.json.decode(answer, type=Problem).code) == (400, "bad_request")


@pytest.mark.parametrize(
    ("fields", "bearer"),
    [
        ((b"Bearer one",), b"one"),
        ((b"bearer one", b"Bearer two"), b"one"),
        ((b"Basic one",), b""),
        ((b"\xff\xfe",), b""),
    ],
)
async def test_the_session_is_read_off_the_first_field(fields: Sequence[bytes], bearer: bytes) -> None:
    headers = [(b"authorization", field) for field in fields]
    _, answer = await send(PARTS, [*headers, (b"x-trace-id", b"t-1")])
    assert answer == b'{"a":1} %b t-1' % bearer


@pytest.mark.parametrize("given", [b"", b"a b", b"a" * 65, b"\xff", b"a\n"])
async def test_what_is_no_trace_id_is_replaced(given: bytes) -> None:
    _, answer = await send(PARTS, [(b"x-trace-id", given)])
    trace_id = answer.rpartition(b" ")[2]
    assert len(trace_id) == 32
    assert trace_id != given
