"""The personal part ends with its term; the tree does not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from backend_kit import Clock
from log_kit import EDITION, HANAKO, MASTER, TARO, call, entry, open_log, scalar

from backend_client.proof import check_consistency, check_head, check_inclusion
from backend_stub.gateway.log import Event, GatewayLog, NoSuchRecord
from backend_stub.gateway.log.rows import Scribe
from backend_stub.gateway.log.words import WordsBook

TERM = timedelta(days=30)


def pseudonym(log: GatewayLog, person: bytes) -> bytes:
    return Scribe(WordsBook(log._engine), MASTER.derive(b"subject", 32)).subject(person)


async def test_after_the_term_nothing_leads_to_a_person_and_the_tree_still_verifies(
    tmp_path: Path, clock: Clock
) -> None:
    log = open_log(tmp_path, clock, term=TERM)
    old = [entry(log, clock(), person) for person in (HANAKO, TARO, HANAKO)]
    await log.append(old)
    await log.audit(call(clock()), Event.WRONG_SYMBOL, detail="symbol_invalid")
    before = log.proof(HANAKO, old[2].number, clock())
    clock.turn(days=20)
    young = entry(log, clock(), hidden_until=clock() + timedelta(days=1))
    await log.append([young])
    await log.forget(clock())
    assert log.leaves(0, 10).size == 4, "nothing was old, so there is no mark"
    clock.turn(days=11)
    await log.forget(clock())

    assert [r.transaction_number for r in log.of(HANAKO, clock())] == [
        "-".join(young.number.hex().upper()[i : i + 4] for i in range(0, 32, 4))
    ]
    assert log.of(TARO, clock()) == ()
    with pytest.raises(NoSuchRecord):
        log.proof(HANAKO, old[0].number, clock())
    assert log.audits(datetime.min.replace(year=2000, tzinfo=UTC), clock() + timedelta(days=1)).happenings == ()
    leaves = log.leaves(0, 10).leaves
    assert [leaf.what for leaf in leaves] == ["exchange"] * 4 + ["mark"]
    assert leaves[-1].mark.startswith("deleted: 3 persons up to leaf 2, 1 audit rows up to 0, before 2026-11-22")

    after = log.proof(HANAKO, young.number, clock())
    check_head(after.head, after.head.key)
    check_consistency(before.head, after.head, log.consistency(before.head.size, after.head.size))
    check_inclusion(before.leaf, before.inclusion, before.head)
    await log.close()
    assert pseudonym(log, TARO) not in files(tmp_path), "gone from the files, too"
    assert pseudonym(log, HANAKO) in files(tmp_path), "the younger one is still there, and would be found"
    again = open_log(tmp_path, clock, term=TERM)
    assert len(again.of(HANAKO, clock())) == 1


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_the_log_deletes_by_itself_once_a_day_while_it_is_used(tmp_path: Path, clock: Clock) -> None:
    log = open_log(tmp_path, clock, term=TERM)
    await log.append([entry(log, clock())])
    clock.turn(days=31)
    await log.append([entry(log, clock(), TARO)])
    async with asyncio.timeout(10):
        assert log._sweep is not None
        await log._sweep
    assert scalar(tmp_path, "SELECT count(*) FROM subjects") == 1
    assert EDITION in {leaf.edition for leaf in log.leaves(0, 1).leaves}
    await log.close()
