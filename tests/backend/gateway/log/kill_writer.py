"""Kill a writing log COUNT times (kill -9) and see that nothing acknowledged is missing: python kill_writer.py COUNT.

Needs the checkout on PYTHONPATH. A test runs it a few times; let it run long by hand.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from log_kit import HANAKO, entry, open_log, scalar

from backend_client.proof import check_head, check_inclusion
from backend_client.wire import Leaf
from backend_client.wire.gateway import number_of
from backend_stub.gateway.log import GatewayLog

REQUESTS_AT_ONCE = 8


def now() -> datetime:
    return datetime.now(UTC)


async def write_until_killed(folder: Path) -> None:
    """Append without end, and say on standard output what was acknowledged."""
    log = open_log(folder, now)

    async def go_on(batch: int) -> None:
        while True:
            entries = [entry(log, now()) for _ in range(batch)]
            await log.append(entries)
            os.write(1, b"".join(one.number.hex().encode() + b"\n" for one in entries))

    await asyncio.gather(*(go_on(batch) for batch in range(1, REQUESTS_AT_ONCE + 1)))


def killed_once(folder: Path, acknowledgements: int) -> set[str]:
    """Start a writer, kill it after so many acknowledgements; gives all that it acknowledged."""
    command = [sys.executable, __file__, "--write", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(acknowledgements)]
        writer.kill()
        lines += writer.stdout.readlines()
    assert all(lines), "the writer ended by itself"
    return {line.decode().strip() for line in lines if line.endswith(b"\n")}


async def check(folder: Path, acknowledged: set[str]) -> int:
    """Open what is left and compare; gives the number of leaves."""
    log = open_log(folder, now)
    leaves = all_leaves(log)
    numbers = [leaf.number for leaf in leaves]
    assert len(numbers) == len(set(numbers)), "a number was given twice"
    assert acknowledged <= set(numbers), "an acknowledged entry is missing"
    told = {number_of(record.transaction_number).hex() for record in log.of(HANAKO, now())}
    assert told == set(numbers), "a person is not told all"
    check_head(log.head(), log.head().key)
    for leaf in (leaves[0], leaves[len(leaves) // 2], leaves[-1]):
        check_inclusion(leaf, log.proof(HANAKO, bytes.fromhex(leaf.number), now()).inclusion, log.head())
    await log.close()
    return len(leaves)


def all_leaves(log: GatewayLog) -> list[Leaf]:
    leaves: list[Leaf] = []
    while len(leaves) < log.leaves(0, 1).size:
        leaves += log.leaves(len(leaves), 10_000).leaves
    return leaves


def kill_often(folder: Path, count: int, tell: Callable[[str], object] = lambda line: None) -> int:
    """Kill `count` writers on one database, one after the other; gives the number of leaves in the end."""
    acknowledged: set[str] = set()
    size = 0
    for round_ in range(count):
        acknowledged |= killed_once(folder, 20 + 37 * (round_ % 7))
        size = asyncio.run(check(folder, acknowledged))
        kept = scalar(folder, "SELECT max(size) FROM heads")
        tell(f"round {round_ + 1}: {len(acknowledged)} acknowledged, {size} leaves, a head of {kept} kept\n")
    return size


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        asyncio.run(write_until_killed(Path(sys.argv[2])))
    else:
        with tempfile.TemporaryDirectory() as made:
            kill_often(Path(made), int(sys.argv[1]), sys.stdout.write)
