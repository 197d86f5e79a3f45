"""A thread that does blocking work in order for one event loop, and can be left behind when a call never returns."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from drivers.errors import ReaderFault

T = TypeVar("T")


class Worker:
    """One daemon thread. Not a ThreadPoolExecutor: the interpreter would wait at its exit for a call that hangs.

    `idle`, set by a job, is called whenever there was nothing to do for `idle_s` seconds.
    """

    def __init__(self, name: str, idle_s: float | None = None) -> None:
        self.idle: Callable[[], None] | None = None
        self._jobs: queue.SimpleQueue[tuple[Callable[[], object], Future[object]] | None] = queue.SimpleQueue()
        self._idle_s = idle_s
        self._ended: Future[None] = Future()
        self._ended.set_running_or_notify_cancel()  # from now on it cannot be cancelled, only waited for in vain
        self._ending = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    async def call(self, job: Callable[[], T], deadline_s: float) -> T:
        """Run `job` after those before it; return or raise what it does. Raises TimeoutError, ReaderFault once ended.

        A job that was given up (deadline, cancellation) before its turn never runs; one that runs cannot be stopped.
        """
        if self._ending:
            raise ReaderFault("the connection is closed")
        future: Future[T] = Future()
        self._jobs.put((job, future))  # type: ignore[arg-type]  # a Future[T] takes the result of its own job
        async with asyncio.timeout(deadline_s):
            return await asyncio.wrap_future(future)

    def end(self, last: Callable[[], None]) -> None:
        """Let the thread end after what it does now and `last`. Returns at once."""
        if not self._ending:
            self._ending = True
            self._jobs.put((last, Future()))
            self._jobs.put(None)

    @property
    def ending(self) -> bool:
        return self._ending

    @property
    def over(self) -> bool:
        return self._ended.done()

    async def ended(self, patience_s: float) -> None:
        """Wait until the thread has ended, or leave it behind after `patience_s`."""
        future = asyncio.wrap_future(self._ended)
        try:
            await asyncio.wait({future}, timeout=patience_s)
        finally:
            future.cancel()
        if self.over:
            self._thread.join()  # it has nothing left to do but to return

    def _run(self) -> None:
        while (task := self._next()) is not None:
            job, future = task
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except BaseException as exc:  # noqa: BLE001 - edge of the thread: it belongs to whoever waits
                    future.set_exception(exc)
            del task, job, future
        self._ended.set_result(None)

    def _next(self) -> tuple[Callable[[], object], Future[object]] | None:
        while True:
            try:
                return self._jobs.get(timeout=self._idle_s)
            except queue.Empty:
                if self.idle is not None:
                    self.idle()
