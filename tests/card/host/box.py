"""A small control socket that says what a test wants, for the readers that speak to the software card directly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from drivers.readers.direct import Place

TOKEN = "open sesame"

HANG_UP, MUTE = b"hang up", b"mute"

Do = Callable[[dict[str, Any]], dict[str, Any] | bytes]
"""The answer to a request, or another line instead of one, or HANG_UP, or MUTE: say nothing."""


class Box:
    """Two readers. `asked` are the requests heard; `do` answers everything but `watch`."""

    def __init__(self, do: Do) -> None:
        self.do = do
        self.asked: list[dict[str, Any]] = []
        self.cards = {"Direct 0": False, "Direct 1": False}
        self.token = TOKEN
        self._port = 0
        self._server: asyncio.Server | None = None
        self._talks: dict[asyncio.StreamWriter, asyncio.Task[Any] | None] = {}
        self._watching: list[asyncio.StreamWriter] = []

    def where(self) -> Place:
        return Place(self._port, TOKEN)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Hang up on everybody."""
        if self._server is not None:
            self._server.close()
        talks = dict(self._talks)
        for line in talks:
            line.transport.abort()
        await asyncio.gather(*(talk for talk in talks.values() if talk))

    def tell(self, event: bytes | dict[str, Any]) -> None:
        """Say an event line to all who watch."""
        for line in self._watching:
            _say(line, event)

    def card(self, reader: str, here: bool) -> None:
        self.cards[reader] = here
        self.tell({"event": "here" if here else "away", "reader": reader})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._talks[writer] = asyncio.current_task()
        try:
            await self._talk(reader, writer)
        except OSError:
            pass  # the client hung up
        finally:
            del self._talks[writer]
            if writer in self._watching:
                self._watching.remove(writer)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        known = json.loads(await reader.readline() or b"{}").get("token") == self.token
        while line := await reader.readline():
            request = json.loads(line)
            self.asked.append(request)
            answer = self._answer(request, writer) if known else {"ok": False, "error": "The token is wrong."}
            if answer == HANG_UP:
                return
            if answer != MUTE:
                _say(writer, answer)

    def _answer(self, request: dict[str, Any], writer: asyncio.StreamWriter) -> dict[str, Any] | bytes:
        if request["do"] != "watch":
            return self.do(request)
        self._watching.append(writer)
        return {"ok": True, "readers": [{"reader": reader, "card": card} for reader, card in self.cards.items()]}


def _say(line: asyncio.StreamWriter, message: bytes | dict[str, Any]) -> None:
    line.write((message if isinstance(message, bytes) else json.dumps(message).encode()) + b"\n")


@asynccontextmanager
async def running_box(do: Do) -> AsyncIterator[Box]:
    box = Box(do)
    await box.start()
    try:
        yield box
    finally:
        await box.stop()
