"""The gate's web application: who may knock, which page is served when, and the WebSocket that carries frames."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterable
from contextlib import suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from stb_profile.phone import pages
from stb_profile.phone.address import may_knock
from stb_profile.phone.handover import Shelf
from stb_profile.phone.orders import ORDER, REPORT, Came, Close, Door, Fetched, Heard, Keep, Went
from stb_profile.phone.orders import Send as SendOrder

QUEUE = 64
"""Frames that may wait for one phone; one that takes none any more is let go."""
POLICY_VIOLATION = 1008
WRONG_HOST, NOT_HERE, NOT_YOU = 421, 404, 403


class Doorkeeper:
    """Turns away who does not come from the home, or was sent here by another page (Host, Origin)."""

    def __init__(self, app: ASGIApp, own: str, host: str) -> None:
        self._app, self._own, self._host = app, own, host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = self._turned_away(scope)
        if status is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocket(scope, receive, send).close(POLICY_VIOLATION)
        else:
            await Response(status_code=status)(scope, receive, send)

    def _turned_away(self, scope: Scope) -> int | None:
        told = dict(_words(scope["headers"]))
        peer = (scope.get("client") or ("",))[0]
        if not may_knock(peer, self._own):
            return NOT_YOU
        if told.get("host") != self._host:
            return WRONG_HOST
        stranger = scope["type"] == "websocket" or scope["method"] != "GET"
        if stranger and told.get("origin") != f"https://{self._host}":
            return NOT_YOU
        return None


def _words(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


class Gate:
    """What is served now; `obey` changes it, `report` is told what comes."""

    def __init__(self, own: str, host: str, report: Callable[[REPORT], None], clock: Callable[[], float]) -> None:
        self._report = report
        self._headers = pages.headers(host)
        self._files = pages.files()
        self._shelf = Shelf(clock)
        self._door_open = False
        self._numbers = itertools.count(1)
        self._outgoing: dict[int, asyncio.Queue[str | bytes | None]] = {}
        routes = [
            Route("/p", self._pairing),
            Route("/r/{name}", self._handover, methods=["GET"]),
            Route("/r/{name}", self._download, methods=["POST"]),
            Route("/page/{file}", self._file),
            WebSocketRoute("/ws", self._talk),
        ]
        self.app = Doorkeeper(Starlette(routes=routes), own, host)

    def obey(self, order: ORDER) -> None:
        match order:
            case SendOrder(to, frame, sealed):
                self._put(to, frame if sealed is None else sealed)
            case Close(to):
                self._put(to, None)
            case Door(is_open):
                self._door_open = is_open
            case Keep(name, sealed):
                self._shelf.put(name, sealed)

    # --- pages --------------------------------------------------------------------------------------------------------

    async def _pairing(self, request: Request) -> Response:
        return self._page(pages.PAIRING) if self._door_open else self._none()

    async def _handover(self, request: Request) -> Response:
        # Looking is not taking: whatever shows a preview of links must not use the one download up.
        return self._page(pages.HANDOVER) if self._shelf.has(request.path_params["name"]) else self._none()

    async def _download(self, request: Request) -> Response:
        name = request.path_params["name"]
        sealed = self._shelf.take(name)
        if sealed is None:
            return self._none()
        self._report(Fetched(name))
        return Response(sealed, media_type="application/octet-stream", headers=self._headers)

    async def _file(self, request: Request) -> Response:
        file = request.path_params["file"]
        return self._page(file) if file in self._files and not file.endswith(".html") else self._none()

    def _page(self, file: str, status: int = 200) -> Response:
        contents, media_type = self._files[file]
        return Response(contents, status, headers={**self._headers, "content-type": media_type})

    def _none(self) -> Response:
        return self._page(pages.CLOSED, NOT_HERE)

    # --- the WebSocket ------------------------------------------------------------------------------------------------

    async def _talk(self, socket: WebSocket) -> None:
        connection = next(self._numbers)
        await socket.accept()
        self._outgoing[connection] = asyncio.Queue(QUEUE)
        self._report(Came(connection))
        sending = asyncio.create_task(self._send(socket, self._outgoing[connection]))
        listening = asyncio.create_task(self._listen(socket, connection))
        try:
            await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            del self._outgoing[connection]
            for task in (sending, listening):
                task.cancel()
            await asyncio.gather(sending, listening, return_exceptions=True)
            self._report(Went(connection))

    async def _send(self, socket: WebSocket, frames: asyncio.Queue[str | bytes | None]) -> None:
        with suppress(WebSocketDisconnect):
            while (frame := await frames.get()) is not None:
                await (socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame))
            await socket.close()

    async def _listen(self, socket: WebSocket, connection: int) -> None:
        while (message := await socket.receive())["type"] == "websocket.receive":
            self._report(Heard(connection, message.get("text"), message.get("bytes")))

    def _put(self, connection: int, frame: str | bytes | None) -> None:
        frames = self._outgoing.get(connection)
        if frames is None:
            return
        if frames.full():
            while not frames.empty():
                frames.get_nowait()
            frame = None
        frames.put_nowait(frame)
