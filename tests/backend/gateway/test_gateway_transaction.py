from __future__ import annotations

import re
from datetime import timedelta

import pytest
from backend_kit import START
from hypothesis import given
from hypothesis import strategies as st

from backend_client.wire.gateway import number_of, shown
from backend_stub.gateway.transaction import TransactionNumbers


@given(st.lists(st.integers(-5000, 5000), min_size=2, max_size=50))
def test_numbers_always_grow_even_if_the_clock_steps_back(steps_ms: list[int]) -> None:
    numbers, now, given_ones = TransactionNumbers(), START, []
    for step in steps_ms:
        now += timedelta(milliseconds=step)
        given_ones.append(numbers.next(now))
    assert given_ones == sorted(set(given_ones))


def test_numbers_of_two_gateways_sort_by_time() -> None:
    earlier = TransactionNumbers().next(START)
    later = TransactionNumbers().next(START + timedelta(milliseconds=1))
    assert earlier < later


def test_numbers_go_on_above_the_last_one_of_the_time_before() -> None:
    last = TransactionNumbers().next(START + timedelta(hours=1))
    assert TransactionNumbers(last).next(START) > last


def test_shown_in_groups_of_four() -> None:
    assert re.fullmatch(r"([0-9A-F]{4}-){7}[0-9A-F]{4}", shown(TransactionNumbers().next(START)))


def test_what_is_shown_can_be_read_and_nothing_else() -> None:
    number = TransactionNumbers().next(START)
    assert number_of(shown(number)) == number
    for text in ("", "見本", shown(number).lower(), number.hex().upper(), shown(number)[:-5], shown(number) + "-0000"):
        with pytest.raises(ValueError, match=r"."):
            number_of(text)
