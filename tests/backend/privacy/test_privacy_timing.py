"""How long a refusal takes does not tell an unknown symbol from a forged one, another body's or one of no version.

Calls are interleaved in an order of chance, so that whatever else the machine does meets all kinds alike. What was
never issued is held against what was forged from a genuine symbol, and against another body's genuine one, by rank
(Mann and Whitney): how often is one slower than the other? Half the time, if nothing differs. All kinds are held
against each other by their medians.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from secrets import token_bytes
from statistics import median
from typing import Any

import pytest
from backend_kit import START
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import StaticPool, create_engine

from backend_stub.body import Call, Refusal
from backend_stub.gateway import checkpoint as room
from backend_stub.gateway.checkpoint import Checkpoint
from backend_stub.gateway.master import Master
from backend_stub.gateway.symbols import TABLES, PlanFile, Versions
from backend_stub.gateway.symbols.plan import Method, Plan, State, Version
from backend_stub.machines import Machine, Role

CITY, TAX = "midori-city", "midori-tax"
CALLS = 3_000
"""Of each kind. Luck then moves the rank by 0.008 (one standard deviation)."""
RANK_BOUND = 0.06
"""By so much may a rank be off one half."""
ROUNDS = 3
"""What leaks, leaks each time; what a busy machine does, it does once."""
BOUND = 0.1
"""By so much may a median be off the others'. One call takes 4 to 10 microseconds."""

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
CALL = Call(START, "trace-1", {}, "", Machine(CITY, "", frozenset({Role.AGENCY}), KEY), b"")


class NoLog:
    """Takes alarms in no time: what is measured is the check."""

    async def audit(self, *_: Any, **__: Any) -> None:
        return


def checkpoint(method: Method, folder: Path) -> tuple[Checkpoint, Versions]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    TABLES.create_all(engine)
    plan = Plan((Version(1, method, State.PRESENT),))
    versions = Versions(plan, Master(bytes(32)), engine)
    return Checkpoint(versions, PlanFile(folder), NoLog()), versions  # type: ignore[arg-type]


def kinds(versions: Versions) -> dict[str, Callable[[], str]]:
    """Ways to be wrong, each with a new symbol at every call."""
    random = Random(20261121)
    people = [random.randbytes(12) for _ in range(50)]
    ours = [versions.issue(person, CITY) for person in people]
    theirs = [versions.issue(person, TAX) for person in people]

    def forged() -> str:
        symbol = bytearray(random.choice(ours))
        symbol[random.randrange(1, len(symbol))] ^= 1 << random.randrange(8)
        return symbol.hex()

    return {
        "unknown": lambda: (b"\1" + token_bytes(32)).hex(),
        "forged": forged,
        "another body's": lambda: random.choice(theirs).hex(),
        "of no version": lambda: (b"\x63" + random.choice(ours)[1:]).hex(),
    }


def seconds(check: Checkpoint, symbol: str) -> float:
    """How long one refusal takes, without the loop around it."""
    deed = check.person(CALL, symbol)
    began = time.perf_counter()
    try:
        deed.send(None)
    except Refusal:
        return time.perf_counter() - began
    raise AssertionError("it was not refused")


def measure(check: Checkpoint, made: dict[str, Callable[[], str]]) -> dict[str, list[float]]:
    """Refuse all kinds in an order of chance. Symbols are made before, that the making leaves nothing in any cache."""
    order = [(kind, make()) for kind, make in made.items() for _ in range(CALLS)]
    Random(7).shuffle(order)
    taken: dict[str, list[float]] = {kind: [] for kind in made}
    gc.disable()
    try:
        for kind, symbol in order:
            taken[kind].append(seconds(check, symbol))
    finally:
        gc.enable()
    return taken


def slower(some: list[float], others: list[float]) -> float:
    """How often one of `some` is slower than one of `others`; ties count half."""
    ranked = sorted([(value, True) for value in some] + [(value, False) for value in others])
    below = half = wins = 0.0
    i = 0
    while i < len(ranked):
        j = i
        while j < len(ranked) and ranked[j][0] == ranked[i][0]:
            j += 1
        tied = ranked[i:j]
        mine = sum(own for _, own in tied)
        half = (len(tied) - mine) / 2
        wins += mine * (below + half)
        below += len(tied) - mine
        i = j
    return wins / (len(some) * len(others))


def told_apart(taken: dict[str, list[float]]) -> dict[str, float]:
    """The kinds whose median is off that of all others by more than BOUND, and by how much of it."""
    off = {}
    for kind, some in taken.items():
        others = median(value for other, values in taken.items() if other != kind for value in values)
        off[kind] = median(some) / others - 1
    return {kind: share for kind, share in off.items() if abs(share) > BOUND}


@pytest.fixture(autouse=True)
def alarms_take_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.log, "warning", lambda *_: None)


@pytest.mark.parametrize("method", [Method.SIV, Method.TABLE])
def test_refusals_take_the_same_time_whatever_is_wrong(method: Method, tmp_path: Path) -> None:
    check, versions = checkpoint(method, tmp_path)
    rounds = [measure(check, kinds(versions)) for _ in range(ROUNDS)]
    for kind in ("forged", "another body's"):
        assert min(abs(slower(taken["unknown"], taken[kind]) - 0.5) for taken in rounds) < RANK_BOUND, kind
    assert set.intersection(*(set(told_apart(taken)) for taken in rounds)) == set()


def test_a_shortcut_for_what_was_never_issued_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a look at the version before the work, as one would write it without thinking."""
    check, versions = checkpoint(Method.SIV, tmp_path)
    made = kinds(versions)
    verify = Versions.verify

    def hasty(self: Versions, symbol: bytes, presented_by: str) -> bytes:
        if symbol[0] != 1:
            raise room.WrongSymbol
        return verify(self, symbol, presented_by)

    monkeypatch.setattr(Versions, "verify", hasty)
    assert all("of no version" in told_apart(measure(check, made)) for _ in range(ROUNDS))


def test_what_is_forged_may_not_take_a_moment_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control for the rank: some tenths of a microsecond."""
    check, versions = checkpoint(Method.SIV, tmp_path)
    made = {kind: make for kind, make in kinds(versions).items() if kind in ("unknown", "forged")}
    forged = {made["forged"]() for _ in range(CALLS)}
    supply = sorted(forged)
    made["forged"] = lambda: Random().choice(supply)
    verify = Versions.verify

    def slow(self: Versions, symbol: bytes, presented_by: str) -> bytes:
        if symbol.hex() in forged:
            sum(range(50))
        return verify(self, symbol, presented_by)

    monkeypatch.setattr(Versions, "verify", slow)
    ranks = [slower(taken["forged"], taken["unknown"]) for taken in (measure(check, made) for _ in range(ROUNDS))]
    assert min(ranks) > 0.5 + RANK_BOUND


def test_a_small_delay_would_be_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: one hash more for symbols of others."""
    check, versions = checkpoint(Method.SIV, tmp_path)
    made = kinds(versions)
    theirs = {made["another body's"]() for _ in range(2_000)}
    verify = Versions.verify

    def slow(self: Versions, symbol: bytes, presented_by: str) -> bytes:
        if symbol.hex() in theirs:
            sum(range(200))
        return verify(self, symbol, presented_by)

    monkeypatch.setattr(Versions, "verify", slow)
    assert all("another body's" in told_apart(measure(check, made)) for _ in range(ROUNDS))
