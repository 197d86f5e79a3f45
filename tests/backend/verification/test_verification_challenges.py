"""Challenges: once, in time, and never too many."""

from __future__ import annotations

from base64 import b64decode

import pytest
from backend_kit import Clock

from backend_stub.body import Refusal
from backend_stub.verification import Challenges


def refusal(challenges: Challenges, nonce: str, clock: Clock) -> str:
    with pytest.raises(Refusal) as caught:
        challenges.use(nonce, clock())
    return caught.value.code


def test_a_challenge_is_32_random_bytes_and_good_once(clock: Clock) -> None:
    challenges = Challenges()
    first, second = challenges.give(clock()), challenges.give(clock())
    assert len(b64decode(first.nonce)) == len(b64decode(second.nonce)) == 32
    assert first.nonce != second.nonce
    assert first.lifetime_s == 300
    challenges.use(first.nonce, clock())
    assert refusal(challenges, first.nonce, clock) == "challenge_unknown"
    challenges.use(second.nonce, clock())


def test_what_was_never_given_is_unknown(clock: Clock) -> None:
    assert refusal(Challenges(), "bm9uY2U=", clock) == "challenge_unknown"


def test_a_challenge_is_stale_after_five_minutes_and_does_not_come_back(clock: Clock) -> None:
    challenges = Challenges()
    in_time, late = challenges.give(clock()), challenges.give(clock())
    clock.turn(minutes=5)
    challenges.use(in_time.nonce, clock())
    clock.turn(seconds=1)
    assert refusal(challenges, late.nonce, clock) == "challenge_stale"
    assert refusal(challenges, late.nonce, clock) == "challenge_unknown"


def test_old_challenges_are_forgotten(clock: Clock) -> None:
    challenges = Challenges()
    old = challenges.give(clock())
    clock.turn(hours=2)
    challenges.give(clock())
    assert refusal(challenges, old.nonce, clock) == "challenge_unknown"


def test_when_there_are_too_many_the_oldest_go(clock: Clock) -> None:
    challenges = Challenges(most=3)
    given = [challenges.give(clock()).nonce for _ in range(4)]
    assert refusal(challenges, given[0], clock) == "challenge_unknown"
    for nonce in given[1:]:
        challenges.use(nonce, clock())
