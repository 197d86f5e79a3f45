"""What happens, as it happens: for who listens (the commission's server-sent events)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC
from weakref import WeakSet

from backend_client.wire import Happening
from backend_client.wire.gateway import shown
from backend_stub.gateway.log.pen import AuditRow
from backend_stub.gateway.log.rows import Written, moment_of
from backend_stub.gateway.log.words import WordsBook
from backend_stub.gateway.log.writer import Job

BEHIND = 10_000
"""How far a listener may fall behind before its stream ends; it finds the rest in leaves and audits."""


class Listener:
    """What happens from now on; ends when the log is closed, or when whoever listens falls too far behind."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Happening | None] = asyncio.Queue()

    def __aiter__(self) -> Listener:
        return self

    async def __anext__(self) -> Happening:
        happening = await self._queue.get()
        if happening is None:
            raise StopAsyncIteration
        return happening

    def hear(self, happening: Happening) -> bool:
        """Take it in; whether there is room for more."""
        self._queue.put_nowait(happening)
        return self._queue.qsize() < BEHIND

    def end(self) -> None:
        self._queue.put_nowait(None)


class Live:
    """Tells every listener what became durable."""

    def __init__(self, words: WordsBook) -> None:
        self._words = words
        self._listeners: WeakSet[Listener] = WeakSet()

    def listen(self) -> Listener:
        """Listen from now on, until the listener is dropped."""
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def tell(self, jobs: Iterable[Job]) -> None:
        """Hand on what they wrote."""
        if not self._listeners:
            return
        for job in jobs:
            for one in job.written:
                self._hand_on(self._exchange(one))
            for row in job.audits:
                self._hand_on(happening(row))

    def end(self) -> None:
        """End all streams."""
        for listener in self._listeners:
            listener.end()

    def _hand_on(self, one: Happening) -> None:
        for listener in tuple(self._listeners):
            if not listener.hear(one):
                self._listeners.discard(listener)
                listener.end()

    def _exchange(self, one: Written) -> Happening:
        entry = one.entry
        words = self._words.words(entry.edition) if entry.edition else None
        return Happening(
            at=entry.at.astimezone(UTC),
            event=entry.what,
            machine=words.requester if words else "",
            law=words.law if words else "",
            detail=entry.outcome or entry.mark,
            transaction_number=shown(entry.number),
            trace_id="",
        )


def happening(row: AuditRow) -> Happening:
    """Read an audit row: the columns of AUDIT after the id."""
    at, event, machine, law, detail, number, trace_id = row
    return Happening(
        at=moment_of(at),
        event=event,
        machine=machine,
        law=law,
        detail=detail,
        transaction_number=shown(number),
        trace_id=trace_id,
    )
