"""The gateway over HTTP beside bare Starlette: same uvicorn, same core, same load, in turns.

How much is done is told by each server's least disturbed round, for other work on the machine, or beside a virtual one,
only ever takes away; how long an answer takes, by the median of all rounds. How busy it was stands in each line.
The last full run's figures are written to docs/symbols.md and docs/costs.md.
"""

from __future__ import annotations

import logging
import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from benchmarks import _gateway_house as house
from benchmarks import _gateway_requests as requests
from benchmarks._gateway_costs import measure_costs
from benchmarks._gateway_docs import FEW_RESIDENTS, MANY_RESIDENTS, write_docs
from benchmarks._gateway_load import Measured, Server, check_wrk, load, serving
from benchmarks._gateway_provided import write_answer
from benchmarks._gateway_schemes import measure_schemes
from benchmarks._report import at_least, report

HELLO, SIGNED, RELAY, P99, POPULATION = 0.35, 0.12, 0.5, 5.0, 0.9
BATCH_PER_S = 45_000
BATCH = 100
BATCHES_AT_ONCE = 8
RELAYS_AT_ONCE = 16
"""The client keeps 20 connections; of more it opens and closes all above, which is its cost and nobody else's."""
MOST_PER_S = {"token_signed": 15_000, "relay": 5_000, "batch": 1_500}
"""So many signed requests are made beforehand for each second: more than are ever answered."""
Run = Callable[[], Measured]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    seconds: float
    rounds: int
    few: int
    """Residents."""
    many: int


FULL = Size(seconds=1, rounds=12, few=FEW_RESIDENTS, many=MANY_RESIDENTS)


def main() -> None:
    check_wrk()
    for talkative in ("alembic", "httpx", "backend_stub"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        runs = measure(Path(folder), FULL)
        told(runs)
        population = {method: measure_population(Path(folder), FULL, method) for method in ("siv", "table")}
        for method, (few, many) in population.items():
            told_population(method, few, many, FULL)
        schemes = measure_schemes(Path(folder), FULL.few)
        costs = measure_costs(Path(folder))
    write_docs(runs, population, schemes, costs)


def measure(folder: Path, size: Size) -> dict[str, Measured]:
    """Load each server in turns; what its rounds come to."""
    with ExitStack() as stack:
        return _in_turns(runs(stack, folder, size), size.rounds)


def runs(stack: ExitStack, folder: Path, size: Size) -> dict[str, Run]:
    trusted, signed, bare = folder / "trusted", folder / "signed", folder / "bare"
    symbols = {data: _gateway(data, "siv", size.few) for data in (trusted, signed)}
    write_answer(bare)
    house.fill_table(bare, size.few)
    codes = house.codes(bare)
    provider = stack.enter_context(serving("provider", bare, on_load_core=True))

    def start(what: str, data: Path) -> Server:
        return stack.enter_context(serving(what, data, neighbours=provider.url))

    hello, read, relay = (start(what, bare) for what in ("hello", "read", "relay"))
    trusting, gateway = start("trusting", trusted), start("gateway", signed)
    agency = requests.SigningAgency(signed)
    asks = requests.Asks(symbols[signed])

    def once(name: str, path: str, contents: Callable[[int], list[bytes]], connections: int = 64) -> Measured:
        ready = [agency.signed(path, content) for content in contents(round(MOST_PER_S[name] * max(1, size.seconds)))]
        return load(gateway, ready, size.seconds, connections, again=False)

    return {
        "hello": lambda: load(hello, [requests.get("/hello")], size.seconds),
        "read": lambda: load(read, [requests.get(f"/read/{code}") for code in codes], size.seconds),
        "relay_bare": lambda: load(relay, _bare(asks.exchanges(1000)), size.seconds, RELAYS_AT_ONCE),
        "token": lambda: load(trusting, _trusted(symbols[trusted]), size.seconds),
        "token_signed": lambda: once("token_signed", "/tokens", asks.tokens),
        "relay": lambda: once("relay", "/exchanges", asks.exchanges, RELAYS_AT_ONCE),
        "batch": lambda: once("batch", "/token-batches", lambda n: asks.batches(n, BATCH), BATCHES_AT_ONCE),
    }


def _in_turns(runs: dict[str, Run], rounds: int) -> dict[str, Measured]:
    """The first round warms up and does not count."""
    measured = defaultdict(list)
    for turn in range(1 + rounds):
        for name, run in runs.items():
            one = run()
            if turn:
                measured[name].append(one)
    return {name: _together(some) for name, some in measured.items()}


def _together(some: list[Measured]) -> Measured:
    return Measured(
        per_s=max(one.per_s for one in some),
        p50_ms=statistics.median(one.p50_ms for one in some),
        p99_ms=statistics.median(one.p99_ms for one in some),
        cpu_us=min(one.cpu_us for one in some),
    )


def _gateway(data: Path, method: str, residents: int) -> list[str]:
    house.lay_out(data, method)
    write_answer(data)
    return house.symbols(data, Random(1).sample(range(residents), min(residents, 10_000)))  # noqa: S311 - a sample


def _bare(contents: list[bytes]) -> list[bytes]:
    return [requests.post("/relay", content) for content in contents]


def _trusted(symbols: list[str]) -> list[bytes]:
    return [requests.trusted("/tokens", content) for content in requests.Asks(symbols).tokens(len(symbols))]


def measure_population(folder: Path, size: Size, method: str) -> tuple[Measured, Measured]:
    """One scheme with few and with many residents, each with an exchange in the log (SIV) or codes in the table."""
    with ExitStack() as stack:
        runs: dict[str, Run] = {}
        for residents in (size.few, size.many):
            data = folder / f"{method}-{residents}"
            house.lay_out(data, method)
            if method == "siv":
                house.fill_log(data, residents)
            else:
                house.fill_table(data, residents)
            ready = _trusted(_gateway(data, method, residents))
            server = stack.enter_context(serving("trusting", data))
            runs[str(residents)] = partial(load, server, ready, size.seconds)
        few, many = _in_turns(runs, size.rounds).values()
    return few, many


def told(runs: dict[str, Measured]) -> bool:
    """Say how each goal was met."""
    hello, read, batch = runs["hello"], runs["read"], runs["batch"]
    wall = BATCH * batch.per_s
    more = _more(wall, BATCH_PER_S)
    return all(
        [
            _compared("token", runs["token"], hello, HELLO),
            _compared("token_signed", runs["token_signed"], hello, SIGNED),
            _compared("relay", runs["relay"], runs["relay_bare"], RELAY),
            at_least("gateway.batch", BATCH * batch.per_core, BATCH_PER_S, 1.0, wall / BATCH_PER_S, **more),
            report("gateway.p99", runs["token"].p99_ms, read.p99_ms, P99, unit="ms", load=_load()),
            report("gateway.p99_signed", runs["token_signed"].p99_ms, read.p99_ms, P99, unit="ms", load=_load()),
        ]
    )


def told_population(method: str, few: Measured, many: Measured, size: Size) -> bool:
    return _compared(f"residents_{size.many}_{method}", many, few, POPULATION)


def _compared(name: str, ours: Measured, floor: Measured, goal: float) -> bool:
    """By what a core does in a second of its time, and by the clock on the wall: both must meet the goal.

    The first is the fairer: where the load cannot keep a server busy, the clock is slow for the floor alone.
    """
    wall = ours.per_s / floor.per_s
    return at_least(f"gateway.{name}", ours.per_core, floor.per_core, goal, wall, **_more(ours.per_s, floor.per_s))


def _more(wall: float, wall_floor: float) -> dict[str, object]:
    return {
        "unit": "exchanges/s of the core",
        "wall": round(wall),
        "wall_floor": round(wall_floor),
        "wall_ratio": round(wall / wall_floor, 3),
        "load": _load(),
    }


def _load() -> float:
    """How busy the machine was: 2 is server and load alone."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    main()
