"""What the commission hears as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from backend_kit import Clock
from log_kit import call, entry

from backend_client.wire import Happening
from backend_client.wire.gateway import shown
from backend_stub.body import Body, Endpoint
from backend_stub.gateway.log import Event, GatewayLog, event_stream, live, stream
from backend_stub.machines import Registry


async def heard(events: AsyncIterator[bytes]) -> Happening:
    async with asyncio.timeout(10):
        chunk = await anext(events)
    name, data, *rest = chunk.decode().split("\n")
    assert rest == ["", ""]
    happening = msgspec.json.decode(data.removeprefix("data: "), type=Happening)
    assert name == f"event: {happening.event}"
    return happening


async def test_exchanges_and_alarms_are_heard_when_they_are_durable(log: GatewayLog, clock: Clock) -> None:
    await log.append([entry(log, clock())])
    events = event_stream(log)
    assert (await anext(events)).startswith(b":")
    exchange = entry(log, clock())
    await log.append([exchange])
    await log.audit(call(clock()), Event.WRONG_SYMBOL, detail="symbol_invalid")
    first, second = await heard(events), await heard(events)
    assert (first.event, first.machine, first.law) == ("exchange", "midori-city", "elderly-premium")
    assert first.transaction_number == shown(exchange.number)
    assert (second.event, second.machine, second.detail) == ("wrong_symbol", "midori-city", "symbol_invalid")
    assert (second.at, second.trace_id) == (clock(), "trace-1")
    assert log.audits(clock(), clock()).happenings == ()
    clock.turn(seconds=1)
    assert log.audits(second.at, clock()).happenings == (second,)
    await log.close()
    assert [chunk async for chunk in events] == [], "the stream ends with the log"


async def test_a_body_sends_the_stream_as_it_comes(log: GatewayLog, clock: Clock) -> None:
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def events(_call: object, _message: None) -> AsyncIterator[bytes]:
        """Tell what happens."""
        return event_stream(log)

    received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    received.put_nowait({"type": "http.request", "body": b"", "more_body": False})

    endpoint = Endpoint("GET", "/events", events, media_type="text/event-stream")
    app = Body("gateway", "", (endpoint,), Registry(()), clock, lambda: True).app()
    scope = {"type": "http", "method": "GET", "path": "/events", "headers": [], "query_string": b"", "root_path": ""}
    request = asyncio.create_task(app(scope, received.get, sent.put))
    async with asyncio.timeout(10):
        start, first = await sent.get(), await sent.get()
        await log.append([entry(log, clock())])
        second = await sent.get()
        await log.close()
        await request
    assert dict(start["headers"])[b"content-type"].startswith(b"text/event-stream")
    assert first["body"].startswith(b":")
    assert second["body"].startswith(b"event: exchange")


async def test_a_quiet_stream_says_so(log: GatewayLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.01)
    events = event_stream(log)
    await anext(events)
    assert await anext(events) == b": quiet\n\n"


async def test_who_is_too_slow_is_cut_off_and_others_are_not(
    log: GatewayLog, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEHIND", 3)
    slow, quick = log.events(), log.events()
    for _ in range(5):
        await log.append([entry(log, clock())])
        await anext(quick)
    assert len([happening async for happening in slow]) == 3
