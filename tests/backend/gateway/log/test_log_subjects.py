"""Finding people while the index lags behind, while it grows, and after a crash in the middle of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from backend_kit import Clock
from log_kit import entry, open_log, scalar

from backend_stub.gateway.log import GatewayLog, subjects

PEOPLE = [bytes([i]) * 12 for i in range(1, 8)]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "BLOCK", 40)
    monkeypatch.setattr(subjects, "SLICE", 7)
    monkeypatch.setattr(subjects, "MOST_BEHIND", 80)


async def fill(log: GatewayLog, clock: Clock, count: int) -> None:
    for start in range(0, count, 10):
        await log.append([entry(log, clock(), PEOPLE[i % 7]) for i in range(start, min(start + 10, count))])


def found(log: GatewayLog, clock: Clock) -> int:
    """How many records everybody is told of; no one twice."""
    numbers = [record.transaction_number for person in PEOPLE for record in log.of(person, clock())]
    assert len(numbers) == len(set(numbers))
    return len(numbers)


async def test_everything_is_found_at_every_moment_and_in_the_end_by_the_index(tmp_path: Path, clock: Clock) -> None:
    log = open_log(tmp_path, clock)
    for total in range(50, 501, 50):
        await fill(log, clock, 50)
        assert found(log, clock) == total
    async with asyncio.timeout(10):
        while log._subjects.waiting:
            assert found(log, clock) == 500
            await asyncio.to_thread(log._writer._thread.join, 0.01)
    assert scalar(tmp_path, "SELECT up_to FROM subjects_indexed") > 400
    assert scalar(tmp_path, "SELECT count(*) FROM subject_index") >= 460
    assert found(log, clock) == 500
    await log.close()


async def test_an_index_left_in_the_middle_is_made_again_at_the_next_start(tmp_path: Path, clock: Clock) -> None:
    log = open_log(tmp_path, clock)
    await fill(log, clock, 30)
    await log.close()
    await fill(again := open_log(tmp_path, clock), clock, 10)
    assert again._subjects.waiting
    await again.close()
    for slices in (0, 2):
        left = open_log(tmp_path, clock)
        for _ in range(slices):
            left._subjects.index_some()
        assert found(left, clock) == 40
        await left.close()
    last = open_log(tmp_path, clock)
    while last._subjects.waiting:
        last._subjects.index_some()
        assert found(last, clock) == 40
    assert scalar(tmp_path, "SELECT count(*) FROM subject_index") == 40
    await last.close()


async def test_what_is_deleted_while_it_is_being_indexed_stays_deleted(tmp_path: Path, clock: Clock) -> None:
    log = open_log(tmp_path, clock)
    await fill(log, clock, 40)
    await log.close()
    log = open_log(tmp_path, clock)
    log._subjects.index_some()
    clock.turn(days=8 * 365)
    await log.forget(clock())
    while log._subjects.waiting:
        log._subjects.index_some()
    assert found(log, clock) == 0
    assert scalar(tmp_path, "SELECT count(*) FROM subject_index") == 0
    await log.close()
