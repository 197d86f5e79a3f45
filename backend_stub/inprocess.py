"""The way to a neighbour in the same process: httpx's own, which waits for the end of an answer, and streams too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any
from urllib.parse import unquote

import httpx
from starlette.types import ASGIApp

from backend_stub.peers import EVENT_STREAM


class InProcess(httpx.ASGITransport):
    """Answers to requests for server-sent events are given on as they come; closing one ends it on the other side."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("accept") != EVENT_STREAM:
            return await super().handle_async_request(request)
        stream = _Stream(self.app, _scope(request))
        try:
            status, headers = await stream.started()
        except BaseException:
            await stream.aclose()
            raise
        return httpx.Response(status, headers=headers, stream=stream)


class _Stream(httpx.AsyncByteStream):
    """One conversation with the application, which runs in a task of its own."""

    def __init__(self, app: Any, scope: MutableMapping[str, Any]) -> None:
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._start: asyncio.Future[tuple[int, list[tuple[bytes, bytes]]]] = asyncio.get_running_loop().create_future()
        self._gone = asyncio.Event()
        self._asked = False
        self._task = asyncio.create_task(self._run(app, scope))

    async def started(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Wait for status and headers. Raises httpx.ReadError when the application ends without."""
        await asyncio.wait((self._start, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not self._start.done():
            raise httpx.ReadError("no answer")
        return self._start.result()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (part := await self._parts.get()) is not None:
            yield part

    async def aclose(self) -> None:
        self._gone.set()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)  # what goes wrong inside, the body has told

    async def _run(self, app: ASGIApp, scope: MutableMapping[str, Any]) -> None:
        try:
            await app(scope, self._receive, self._send)
        finally:
            if not self._gone.is_set():
                await self._parts.put(None)

    async def _receive(self) -> MutableMapping[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start.set_result((message["status"], list(message["headers"])))
        elif part := message.get("body", b""):
            await self._parts.put(part)


def _scope(request: httpx.Request) -> MutableMapping[str, Any]:
    path = request.url.raw_path.partition(b"?")[0]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port),
        "client": None,
    }
