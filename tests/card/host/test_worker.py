"""A thread that does blocking work for one event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from drivers.errors import ReaderFault
from drivers.readers.worker import Worker

LONG_S = 10.0


def nothing() -> None:
    pass


async def end(worker: Worker) -> None:
    worker.end(nothing)
    await worker.ended(LONG_S)
    assert worker.over


async def test_jobs_run_in_order_on_one_thread_of_their_own() -> None:
    worker = Worker("test")
    done: list[int] = []
    await asyncio.gather(*(worker.call(lambda n=n: done.append(n), LONG_S) for n in range(100)))
    assert done == list(range(100))
    assert await worker.call(lambda: threading.current_thread().name, LONG_S) == "test"
    await end(worker)


async def test_what_a_job_raises_reaches_its_caller_and_nobody_else() -> None:
    worker = Worker("test")
    with pytest.raises(ZeroDivisionError):
        await worker.call(lambda: 1 // 0, LONG_S)
    assert await worker.call(lambda: 1, LONG_S) == 1
    await end(worker)


async def test_a_deadline_does_not_wait_for_the_call() -> None:
    worker = Worker("test")
    go_on = threading.Event()
    with pytest.raises(TimeoutError):
        await worker.call(go_on.wait, 0.01)
    worker.end(nothing)
    await worker.ended(0.01)
    assert not worker.over
    go_on.set()
    await worker.ended(LONG_S)
    assert worker.over


async def test_a_job_given_up_before_its_turn_never_runs() -> None:
    worker = Worker("test")
    go_on, ran = threading.Event(), threading.Event()
    first = asyncio.create_task(worker.call(go_on.wait, LONG_S))
    await asyncio.sleep(0)  # it is in the queue now
    with pytest.raises(TimeoutError):
        await worker.call(ran.set, 0.01)
    go_on.set()
    assert await first
    await end(worker)
    assert not ran.is_set()


async def test_the_last_job_runs_after_the_others_and_then_nothing() -> None:
    worker = Worker("test")
    done: list[str] = []
    call = asyncio.create_task(worker.call(lambda: done.append("first"), LONG_S))
    await asyncio.sleep(0)
    worker.end(lambda: done.append("last"))
    worker.end(lambda: done.append("once more"))
    await call
    await worker.ended(LONG_S)
    assert done == ["first", "last"]
    with pytest.raises(ReaderFault):
        await worker.call(nothing, LONG_S)


async def test_an_idle_thread_does_its_idle_job() -> None:
    worker = Worker("test", idle_s=0.01)
    idle = threading.Event()
    worker.idle = idle.set
    assert await asyncio.to_thread(idle.wait, LONG_S)
    await end(worker)


def test_a_call_that_hangs_does_not_outlive_the_loop() -> None:
    """Its end comes when nobody is there any more, and disturbs nobody."""
    go_on = threading.Event()

    async def give_up() -> Worker:
        worker = Worker("test")
        with pytest.raises(TimeoutError):
            await worker.call(go_on.wait, 0.01)
        worker.end(nothing)
        await worker.ended(0.01)
        return worker

    worker = asyncio.run(give_up())
    go_on.set()
    asyncio.run(worker.ended(LONG_S))
    assert worker.over
