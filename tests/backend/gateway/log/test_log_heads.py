"""Signed heads, and a database that somebody else has touched."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from backend_kit import Clock
from log_kit import HANAKO, change, entry, filled, open_log, scalar

from backend_client.proof import check_consistency, check_head
from backend_client.wire import SignedHead
from backend_stub.gateway.log import GatewayLog, LogAltered, NoSuchTree


class Witness:
    """Keeps the heads it is told, and fails as often as asked."""

    def __init__(self, failures: int = 0) -> None:
        self.heads: asyncio.Queue[SignedHead] = asyncio.Queue()
        self.failed = asyncio.Event()
        self._failures = failures

    async def __call__(self, head: SignedHead) -> None:
        if self._failures:
            self._failures -= 1
            self.failed.set()
            raise ConnectionError
        self.heads.put_nowait(head)

    async def next(self) -> SignedHead:
        async with asyncio.timeout(10):
            return await self.heads.get()


async def test_a_witness_is_told_a_head_that_holds_all_that_was_acknowledged(
    tmp_path: Path, log: GatewayLog, clock: Clock
) -> None:
    witness = Witness()
    log.watched_by(witness)
    heads = [log.head()]
    for size in (1, 2):
        await log.append([entry(log, clock())])
        while heads[-1].size < size:
            heads.append(await witness.next())
    for head in heads:
        check_head(head, log.head().key)
    assert [head.size for head in heads] == [0, 1, 2]
    check_consistency(heads[1], heads[2], log.consistency(1, 2))
    assert scalar(tmp_path, "SELECT max(size) FROM heads") == 2


@pytest.mark.logs("a witness did not take the head")
async def test_a_witness_that_fails_is_told_the_next_head(log: GatewayLog, clock: Clock) -> None:
    witness = Witness(failures=1)
    log.watched_by(witness)
    await log.append([entry(log, clock())])
    async with asyncio.timeout(10):
        await witness.failed.wait()
    await log.append([entry(log, clock())])
    assert (await witness.next()).size == 2


async def test_there_is_no_proof_between_trees_that_never_were(log: GatewayLog, clock: Clock) -> None:
    await log.append([entry(log, clock()) for _ in range(3)])
    log.proof(HANAKO, bytes.fromhex(log.leaves(2, 1).leaves[0].number), clock())
    log.consistency(1, 3)
    for old, new in ((0, 3), (3, 2), (1, 4)):
        with pytest.raises(NoSuchTree):
            log.consistency(old, new)


async def test_tree_key_and_numbers_go_on_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    log = await filled(tmp_path, clock, 5)
    number, head = log.number(clock()), log.head()
    last = log.leaves(0, 10).leaves[-1]
    await log.close()
    again = open_log(tmp_path, clock)
    assert again.number(clock()).hex() > last.number
    assert number.hex() > last.number
    assert again.head().key == head.key
    assert again.head().size == 5
    await again.append([entry(again, clock())])
    assert again.leaves(0, 10).size == 6
    await again.close()
    assert tmp_path.joinpath("log.key").stat().st_mode & 0o777 == 0o600


async def kept_head(folder: Path, clock: Clock, size: int) -> None:
    """Leave a log of `size` leaves whose head is in the database."""
    log = await filled(folder, clock, size)
    witness = Witness()
    log.watched_by(witness)
    while log.head().size < size or not scalar(folder, "SELECT count(*) FROM heads"):
        await log.append([])
    await log.close()


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE leaves SET hash = zeroblob(32) WHERE position = 2",
        "DELETE FROM leaves WHERE position = 2",
        "DELETE FROM leaves WHERE position = 4",
        "DELETE FROM leaves",
        "UPDATE heads SET head = replace(head, '\"size\":5', '\"size\":4')",
    ],
)
async def test_a_database_changed_behind_is_refused_by_name(tmp_path: Path, clock: Clock, deed: str) -> None:
    await kept_head(tmp_path, clock, 5)
    await open_log(tmp_path, clock).close()
    change(tmp_path, deed)
    with pytest.raises(LogAltered):
        open_log(tmp_path, clock)


async def test_another_key_than_the_one_that_signed_is_refused(tmp_path: Path, clock: Clock) -> None:
    await kept_head(tmp_path, clock, 2)
    tmp_path.joinpath("log.key").unlink()
    with pytest.raises(LogAltered, match="key"):
        open_log(tmp_path, clock)
