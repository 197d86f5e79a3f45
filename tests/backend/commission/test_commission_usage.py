"""Open statistics: what is told, what is hidden, and that nothing can be had by subtraction."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from backend_kit import START
from commission_kit import CITY, RELAY, Seeded
from hypothesis import given
from hypothesis import strategies as st

from backend_client import wire
from backend_stub.commission.usage import suppressed

LEAST = 5
COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 30), max_size=8)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, {}),
        ({"a": 5}, {"a": 5}),
        ({"a": 4}, {}),
        ({"a": 2, "b": 2}, {}),
        ({"a": 2, "b": 3}, {"a": None, "b": None}),
        ({"a": 4, "b": 9, "c": 12}, {"a": None, "b": None, "c": 12}),
        ({"a": 1, "b": 1, "c": 9, "d": 12}, {"a": None, "b": None, "c": None, "d": 12}),
        ({"a": 9, "b": 12}, {"a": 9, "b": 12}),
    ],
)
def test_small_counts_and_what_would_give_them_away(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert suppressed(counts, LEAST) == shown


@given(COUNTS)
def test_who_knows_the_sum_of_an_hour_learns_no_small_count(counts: dict[str, int]) -> None:
    shown = suppressed(counts, LEAST)
    told = [count for count in shown.values() if count is not None]
    hidden = [law for law, count in shown.items() if count is None]
    rest = sum(counts.values()) - sum(told)
    assert all(count >= LEAST for count in told)
    assert {law: counts[law] for law in counts if law in shown and shown[law] is not None} == {
        law: count for law, count in shown.items() if count is not None
    }
    if hidden:
        assert len(hidden) >= 2
        assert rest >= LEAST, "what is hidden is together not few"
    elif not shown:
        assert rest < LEAST, "nothing is told, not even which law"


async def usage(town: Seeded) -> wire.Usage:
    answer = await town.people.get("/commission/usage")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=wire.Usage)


def at(hour: int) -> datetime:
    return START.replace(hour=hour)


async def test_hours_are_told_when_they_are_over_and_never_change(seeded: Seeded) -> None:
    await seeded.ask(CITY, RELAY, 6)
    await seeded.review()
    early = await usage(seeded)
    assert early.until == at(1)
    assert at(1) not in {cell.hour for cell in early.cells}, "it is not over"
    seeded.clock.turn(hours=1)
    await seeded.ask(CITY, RELAY, 6)
    await seeded.review()
    late = await usage(seeded)
    assert late.until == at(2)
    (cell,) = (cell for cell in late.cells if cell.hour == at(1))
    assert (cell.law, cell.exchanges) == ("elderly-premium", 6)
    assert [cell for cell in late.cells if cell.hour < at(1)] == list(early.cells)
    assert set(early.never_used) - set(late.never_used) == {"elderly-premium"}


async def test_the_hour_of_the_seed_tells_no_small_count(seeded: Seeded) -> None:
    await seeded.review()
    seeded.clock.turn(hours=1)
    await seeded.review()
    told = await usage(seeded)
    assert told.least == LEAST
    assert told.cells
    assert all(cell.exchanges is None or cell.exchanges >= LEAST for cell in told.cells)
    assert "disaster-care" in told.never_used


async def test_what_has_not_been_fetched_is_not_told(seeded: Seeded) -> None:
    await seeded.review()
    seeded.clock.turn(hours=9)
    assert (await usage(seeded)).until == at(1), "the commission has not caught up since"


async def test_hours_of_long_ago_are_no_longer_told(seeded: Seeded) -> None:
    await seeded.review()
    seeded.clock.now += timedelta(days=31)
    await seeded.review()
    assert (await usage(seeded)).cells == ()
