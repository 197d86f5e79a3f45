"""The control socket of a box of cards: JSON lines on the local machine, for whoever may read the token."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict
from hmac import compare_digest
from pathlib import Path

import msgspec

from drivers.software_card import messages
from drivers.software_card.box import Box, Changes
from drivers.software_card.durable import write_durably
from drivers.software_card.errors import SoftwareCardError
from drivers.software_card.faults import parse
from drivers.software_card.messages import RENDEZVOUS, AnyRequest, Hello, Rendezvous
from drivers.software_card.timing import Timing

Answer = dict[str, object]

NO_MESSAGE = (ValueError, RecursionError)
"""What reading a line may raise: it is not JSON, not UTF-8, of another shape, or nested without end."""

_HELLO = msgspec.json.Decoder(Hello)
_REQUEST: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)


class ControlServer:
    """Serves one box from `start` to `close`; the rendezvous file is there in between."""

    def __init__(self, box: Box, data: Path) -> None:
        self._box = box
        self._rendezvous = data / RENDEZVOUS
        self._token = secrets.token_urlsafe(24)
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[object]] = set()

    async def start(self) -> int:
        """Listen; return the port. Raises OSError."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        write_durably(self._rendezvous, msgspec.json.encode(Rendezvous(port, self._token, os.getpid())))
        return port

    async def close(self) -> None:
        self._rendezvous.unlink(missing_ok=True)
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs has a task
        self._clients.add(task)
        client = _Client(self._box, reader, writer)
        try:
            if self._knows(await reader.readline()):
                await client.talk()
            else:
                await client.say({"ok": False, "error": "The token is wrong."})
        except (OSError, ValueError):
            pass  # the client left, or sent a line without end: there is nobody to tell
        finally:
            self._clients.discard(task)
            client.leave()

    def _knows(self, hello: bytes) -> bool:
        try:
            return compare_digest(_HELLO.decode(hello).token.encode(), self._token.encode())
        except NO_MESSAGE:
            return False


class _Client:
    """One connection. The sessions it powered end with it, so that a client that dies leaves no verified PIN behind."""

    def __init__(self, box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box = box
        self._reader = reader
        self._writer = writer
        self._sessions: list[int] = []
        self._ahead: asyncio.Task[bytes] | None = None

    async def talk(self) -> None:
        """Answer requests until the client leaves or watches."""
        while line := await self._next_line():
            try:
                request = _REQUEST.decode(line)
                if isinstance(request, messages.Watch):
                    return await self._watch()
                answer = {"ok": True, **await self._do(request)}
            except (SoftwareCardError, *NO_MESSAGE) as exc:  # or not hex
                answer = {"ok": False, "error": str(exc)}
            await self.say(answer)

    async def say(self, answer: Answer) -> None:
        self._writer.write(msgspec.json.encode(answer) + b"\n")
        await self._writer.drain()

    def leave(self) -> None:
        if self._ahead is not None:
            self._ahead.cancel()
        for session in self._sessions:
            self._box.unpower(session)
        self._writer.close()

    async def _next_line(self) -> bytes:
        ahead, self._ahead = self._ahead, None
        return await (ahead or self._read_line())

    async def _read_line(self) -> bytes:
        """Empty when the client left, or sent a line without end."""
        try:
            return await self._reader.readline()
        except (OSError, ValueError):
            return b""

    async def _unless_left(self, work: Coroutine[None, None, bytes]) -> bytes:
        """Wait for a card that may be slow or silent. Raises ConnectionResetError when the client leaves meanwhile."""
        answer = asyncio.ensure_future(work)
        self._ahead = asyncio.ensure_future(self._read_line())
        try:
            await asyncio.wait((answer, self._ahead), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done() and not self._ahead.result():
                raise ConnectionResetError
            return await answer
        finally:
            answer.cancel()

    async def _do(self, request: AnyRequest) -> Answer:
        match request:
            case messages.List():
                return {"cards": self._box.cards()}
            case messages.Insert(name, slot):
                await self._box.insert(name, slot)
            case messages.Remove(slot):
                await self._box.remove(slot)
            case messages.Trace():
                return {**asdict(self._box.totals()), "held_s": self._box.held_s()}
            case messages.Lines(last):
                return {"lines": self._box.lines(last)}
            case messages.Faults(rules):
                self._box.set_faults(map(parse, rules))
            case messages.Timing(rate):
                self._box.set_timing(Timing.type_b(rate) if rate else None)
            case messages.Power(reader):
                self._sessions.append(self._box.power(reader))
                return {"session": self._sessions[-1]}
            case messages.Transmit(session, apdu):
                answer = self._box.transmit(session, bytes.fromhex(apdu))
                return {"apdu": (await self._unless_left(answer)).hex()}
            case messages.Unpower(session):
                self._box.unpower(session)
        return {}

    async def _watch(self) -> None:
        cards, changes = self._box.watch()
        leaving = asyncio.create_task(self._tell_end(changes))
        try:
            await self.say({"ok": True, "readers": [{"reader": name, "card": card} for name, card in cards.items()]})
            while event := await changes.get():
                await self.say({"event": "here" if event.here else "away", "reader": event.reader})
        finally:
            leaving.cancel()
            self._box.unwatch(changes)

    async def _tell_end(self, changes: Changes) -> None:
        with suppress(OSError):
            await self._reader.read()
        changes.put_nowait(None)
