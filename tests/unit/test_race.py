"""The first to end decides, and nobody is left running."""

from __future__ import annotations

import asyncio
from typing import Never

import pytest

from kiosk.race import first
from tests.flow.virtual_time import DeadEnd, play


async def after(seconds: float, value: str) -> str:
    await asyncio.sleep(seconds)
    return value


async def fails(seconds: float) -> Never:
    await asyncio.sleep(seconds)
    raise KeyError


async def for_ever(ended: list[str]) -> Never:
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        await asyncio.sleep(1)
        ended.append("ended")
    raise AssertionError


def test_the_first_decides_and_the_others_have_ended() -> None:
    ended: list[str] = []
    assert play(first(after(5, "late"), after(1, "soon"), for_ever(ended))) == "soon"
    assert ended == ["ended"]


def test_the_first_may_fail() -> None:
    with pytest.raises(KeyError):
        play(first(after(5, "late"), fails(1)))


def test_a_later_failure_is_nobodys_business() -> None:
    assert play(first(after(1, "soon"), fails(5))) == "soon"


def test_on_a_tie_the_first_named_wins() -> None:
    assert play(first(after(1, "one"), after(1, "two"))) == "one"


def test_cancelling_it_ends_all() -> None:
    ended: list[str] = []

    async def story() -> None:
        racing = asyncio.ensure_future(first(for_ever(ended), for_ever(ended)))
        await asyncio.sleep(1)
        racing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await racing

    play(story())
    assert ended == ["ended", "ended"]


def test_a_story_in_which_nobody_will_ever_act_is_a_dead_end() -> None:
    async def story() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadEnd):
        play(story())
