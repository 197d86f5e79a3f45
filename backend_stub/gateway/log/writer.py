"""Group commit: one thread writes what all waiting requests hand in, in one transaction, and then they go on.

Nothing is acknowledged before the database has synced it. The writer alone gives positions; the tree grows after the
commit, so a commit that fails leaves tree and database in step. Source: gateway reference, section 4.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

import msgspec
from sqlalchemy.exc import DBAPIError

from backend_stub.gateway.log.heads import Heads
from backend_stub.gateway.log.pen import AuditRow, Deed, Pen
from backend_stub.gateway.log.rows import Written
from backend_stub.gateway.log.subjects import SLICE, Subjects

log = logging.getLogger(__name__)

IDLE_S = 0.005
"""After so long without work there is time for the index."""
PATIENCE_S = 0.01
"""So long at most a job waits for others that come with each turn of the loop."""


class LogClosed(Exception):
    """The log was closed; nothing is written any more."""


class Job(msgspec.Struct, frozen=True, eq=False):
    """What one request hands in, and who waits for it. A struct because one is made for each exchange."""

    written: Sequence[Written]
    audits: Sequence[AuditRow]
    deed: Deed | None
    done: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


class Writer:
    """The thread and its queue. It starts with the first job and ends with `stop`."""

    def __init__(self, pen: Pen, heads: Heads, subjects: Subjects, told: Callable[[Sequence[Job]], None]) -> None:
        self._pen = pen
        self._heads = heads
        self._subjects = subjects
        self._told = told
        """Runs in the loop of whoever handed in the jobs, once they are durable."""
        self._group: list[Job] = []
        """What will go over together: a commit, and the way to this thread and back, cost as much as many rows."""
        self._seen = 0
        """How many there were a turn of the loop ago."""
        self._patient_until = 0.0
        self._turn: asyncio.AbstractEventLoop | None = None
        """The loop that will hand them over."""
        self._queue: SimpleQueue[list[Job] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="gateway-log", daemon=True)
        self._stopped = False
        self.waiting = 0
        """Jobs that are not durable yet."""
        self._wrote = 0
        """Leaves of the last commit."""

    async def write(
        self, written: Sequence[Written], audits: Sequence[AuditRow] = (), deed: Deed | None = None
    ) -> None:
        """Return when all is durable. Raises sqlalchemy.exc.DBAPIError when none of it is, LogClosed."""
        if self._stopped:
            raise LogClosed
        loop = asyncio.get_running_loop()
        job = Job(written, audits, deed, loop.create_future(), loop)
        if self._turn is not loop:
            self._hand_over()
            self._turn = loop
            self._heads.follow(loop)
            self._patient_until = time.monotonic() + PATIENCE_S
            loop.call_soon(self._once_quiet, loop)
        self._group.append(job)
        self.waiting += 1
        await job.done

    def stop(self) -> None:
        """Let the thread end when all that was handed in is written."""
        self._stopped = True
        self._hand_over()
        self._queue.put(None)

    def _once_quiet(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hand over when a turn of the loop has brought nothing more: whoever can be heard now is in."""
        if self._turn is not loop:  # the group has gone meanwhile
            return
        if self._seen < len(self._group) and time.monotonic() < self._patient_until:
            self._seen = len(self._group)
            loop.call_soon(self._once_quiet, loop)
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        group, self._group, self._turn, self._seen = self._group, [], None, 0
        if group:
            self._queue.put(group)
            if self._thread.ident is None:
                self._thread.start()

    async def ended(self) -> None:
        if self._thread.ident is not None:
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        going_on = True
        while going_on:
            jobs, going_on = self._next()
            plain = [job for job in jobs if job.deed is None]
            if plain:
                self._commit(plain)
            for job in jobs:
                if job.deed is not None:
                    self._commit([job])
        self._pen.close()

    def _next(self) -> tuple[list[Job], bool]:
        """All that waits, as soon as something does; and whether there will be more."""
        jobs: list[Job] = []
        while not jobs:
            try:
                group = self._queue.get(timeout=self._patience())
                while group is not None:
                    jobs += group
                    group = self._queue.get_nowait()
                return jobs, False
            except Empty:
                if not jobs and self._subjects.waiting:
                    self._index()
        return jobs, True

    def _patience(self) -> float | None:
        """Do what cannot wait any longer; how long to wait for jobs before doing what can."""
        until_head = self._heads.tick()
        if self._subjects.pressing:
            for _ in range(1 + self._wrote // SLICE):  # as fast as it grows, so that it does not fall behind for good
                self._index()
        if not self._subjects.waiting:
            return until_head
        return IDLE_S if until_head is None else min(IDLE_S, until_head)

    def _index(self) -> None:
        try:
            self._subjects.index_some()
        except DBAPIError as exc:
            log.error("persons were not indexed: %s", type(exc.orig).__name__)

    def _commit(self, jobs: list[Job]) -> None:
        written = [one for job in jobs for one in job.written]
        self._wrote = len(written)
        audits = [row for job in jobs for row in job.audits]
        error: Exception | None = None
        try:
            self._pen.write(written, audits, jobs[0].deed)
        except Exception as exc:  # noqa: BLE001 - whatever it is, those who wait must hear of it, and the thread lives
            error = exc
        for loop in {job.loop for job in jobs}:
            with contextlib.suppress(RuntimeError):  # that loop is closed: nobody waits there
                loop.call_soon_threadsafe(self._settle, [job for job in jobs if job.loop is loop], error)

    def _settle(self, jobs: list[Job], error: Exception | None) -> None:
        self.waiting -= len(jobs)
        if error is None:
            self._told(jobs)
        for job in jobs:
            if job.done.done():  # its request was given up meanwhile; what it wrote stays written
                continue
            if error is None:
                job.done.set_result(None)
            else:
                job.done.set_exception(error)
