"""What happens as server-sent events: each a wire.Happening, named by its event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from backend_stub.gateway.log.book import GatewayLog

HEARTBEAT_S = 15.0
"""A quiet stream says so, that both ends notice a line that is dead."""


async def event_stream(log: GatewayLog) -> AsyncIterator[bytes]:
    """Give the bytes of the stream. What becomes durable after its first bytes is in it."""
    listener = log.events()
    yield b": listening\n\n"
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                happening = await anext(listener, None)
        except TimeoutError:
            yield b": quiet\n\n"
            continue
        if happening is None:
            return
        yield b"event: " + happening.event.encode() + b"\ndata: " + msgspec.json.encode(happening) + b"\n\n"
