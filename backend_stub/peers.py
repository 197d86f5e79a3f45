"""How one body talks to another: signed HTTP, by name, whether the other runs in this process or far away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.wire import REFUSALS, Problem
from backend_stub.body import Clock, Refusal
from backend_stub.endpoint import Tagged
from backend_stub.machines import Machine, Registry, Signer

EVENT_STREAM = "text/event-stream"
QUIET_S = 45.0
"""A stream that says nothing for so long, not even that it is quiet, is dead."""


class Peers:
    """The neighbours one body may ask, by name. Passes a neighbour's refusal on with its origin and trace id."""

    def __init__(self, signer: Signer, clients: dict[str, httpx.AsyncClient]) -> None:
        self._signer = signer
        self._clients = clients

    async def ask(self, body: str, path: str, message: Any, gives: Any, trace_id: str) -> Any:
        """POST `message` to `path` of `body`; decode the answer as `gives` (None: no content). Raises Refusal."""
        content = msgspec.json.encode(message)
        return _decode(await self._send("POST", body, path, content, "application/json", trace_id), gives, body)

    async def read(self, body: str, path: str, gives: Any, trace_id: str) -> Any:
        """GET `path` of `body`; decode the answer as `gives`. Raises Refusal."""
        return _decode(await self._send("GET", body, path, b"", "application/json", trace_id), gives, body)

    async def read_if_changed(self, body: str, path: str, tag: str, trace_id: str) -> Tagged | None:
        """GET bytes of another format unless they still are those of `tag`: then None. Raises Refusal.

        An empty tag has none. That nothing changed is not signed: it is believed of whom the line leads to.
        """
        headers = {"if-none-match": tag} if tag else {}
        answer = await self._exchange("GET", body, path, b"", headers, trace_id)
        if tag and answer.status_code == httpx.codes.NOT_MODIFIED:
            return None
        return Tagged(answer.content, answer.headers.get("etag", ""))

    async def ask_raw(self, body: str, path: str, content: bytes, media_type: str, trace_id: str) -> bytes:
        """POST bytes of another format (OCSP). Raises Refusal."""
        return await self._send("POST", body, path, content, media_type, trace_id)

    @asynccontextmanager
    async def listen(self, body: str, path: str, trace_id: str) -> AsyncIterator[AsyncIterator[str]]:
        """GET a stream that stays open (server-sent events): its lines. Raises Refusal, also inside when it breaks."""
        headers = {"accept": EVENT_STREAM, "x-trace-id": trace_id}
        stream = self._clients[body].stream("GET", path, headers=headers, auth=self._signer, timeout=QUIET_S)
        try:
            async with stream as answer:
                if answer.status_code >= 400:
                    await answer.aread()
                    raise _refusal(answer, body)
                yield answer.aiter_lines()
        except httpx.HTTPError as exc:
            raise Refusal("peer_unavailable", body) from exc

    async def _send(self, method: str, body: str, path: str, content: bytes, media_type: str, trace_id: str) -> bytes:
        return (await self._exchange(method, body, path, content, {"content-type": media_type}, trace_id)).content

    async def _exchange(
        self, method: str, body: str, path: str, content: bytes, headers: dict[str, str], trace_id: str
    ) -> httpx.Response:
        headers = {**headers, "x-trace-id": trace_id}
        try:
            answer = await self._clients[body].request(
                method, path, content=content, headers=headers, auth=self._signer
            )
        except httpx.HTTPError as exc:
            raise Refusal("peer_unavailable", body) from exc
        if answer.status_code >= 400:
            raise _refusal(answer, body)
        return answer

    def line(self, body: str) -> httpx.AsyncClient:
        """The bare way to a neighbour, for protocols with signatures of their own."""
        return self._clients[body]

    def sign(self, content: bytes) -> bytes:
        """Sign what is no request with this machine's key; `content` begins with what it is."""
        return self._signer.sign(content)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


def _decode(content: bytes, gives: Any, body: str) -> Any:
    if gives is None:
        return None
    try:
        return msgspec.json.decode(content, type=gives)
    except msgspec.DecodeError as exc:
        raise Refusal("peer_unavailable", body) from exc


def _refusal(answer: httpx.Response, body: str) -> Refusal:
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.DecodeError:
        return Refusal("peer_unavailable", body)
    if problem.code not in REFUSALS:
        return Refusal("peer_unavailable", body)
    return Refusal(problem.code, problem.origin, problem.trace_id)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a body is given when it is built: `build(setup, ...) -> Body` in each body's package."""

    data: Path
    """The body's own folder: keys and, with SQLite, its database. Nobody else looks inside."""
    database_url: str
    registry: Registry
    """The machines it knows."""
    peers: Peers
    clock: Clock
    sealing: X25519PrivateKey
    """Opens what was sealed to this body."""
    directory: Mapping[str, Machine]
    """Every member's public keys, by id. Public: knowing a machine lets nobody in, that is the registry's business."""
