"""What goes into the log, and what comes out for the person and for the commission."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from backend_kit import START, Clock
from log_kit import EDITION, HANAKO, TARO, WORDS, change, database, entry, filled, open_log, scalar
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from backend_client import proof
from backend_client.wire import edition
from backend_client.wire.gateway import shown
from backend_stub.gateway.log import Entry, GatewayLog, LogAltered, LogClosed, NoSuchRecord, writer
from backend_stub.gateway.log.pen import Pen
from backend_stub.gateway.log.rows import Written


async def test_a_person_finds_what_was_exchanged_newest_first_and_nothing_of_others(
    log: GatewayLog, clock: Clock
) -> None:
    entries = [entry(log, clock() + timedelta(seconds=i), (HANAKO, TARO)[i % 2]) for i in range(6)]
    await log.append(entries[:3])
    await log.append(entries[3:])
    records = log.of(HANAKO, clock())
    assert [r.transaction_number for r in records] == [shown(e.number) for e in entries[::2]][::-1]
    assert {(r.basis, r.requester, r.provider, r.kind, r.purpose) for r in records} == {
        (WORDS.basis, WORDS.requester_words, WORDS.provider_words, WORDS.kind_words, WORDS.purpose)
    }
    assert records[0].at == START + timedelta(seconds=4)
    assert log.of(b"\x03" * 12, clock()) == ()


async def test_what_is_hidden_is_shown_later_and_to_the_commission_at_once(log: GatewayLog, clock: Clock) -> None:
    hidden = entry(log, clock(), hidden_until=clock() + timedelta(days=30))
    await log.append([hidden])
    assert log.of(HANAKO, clock()) == ()
    with pytest.raises(NoSuchRecord):
        log.proof(HANAKO, hidden.number, clock())
    assert [leaf.number for leaf in log.leaves(0, 10).leaves] == [hidden.number.hex()]
    clock.turn(days=30)
    assert [r.transaction_number for r in log.of(HANAKO, clock())] == [shown(hidden.number)]
    assert log.proof(HANAKO, hidden.number, clock()).leaf.number == hidden.number.hex()


async def test_every_record_is_proven_to_who_holds_the_key(log: GatewayLog, clock: Clock) -> None:
    entries = [entry(log, clock()) for _ in range(5)]
    for one in entries:
        await log.append([one])
        for known in entries[: entries.index(one) + 1]:
            proven = log.proof(HANAKO, known.number, clock())
            assert all(check.fault is None for check in proof.checks(proven, log.head().key))
    with pytest.raises(NoSuchRecord):
        log.proof(TARO, entries[0].number, clock())


async def test_an_answer_to_a_token_is_told_and_proven_by_its_receipt_which_counts_once(
    log: GatewayLog, clock: Clock
) -> None:
    asked = entry(log, clock(), transport="token", outcome="")
    receipt = Entry("receipt", asked.number, clock(), EDITION, "token", "provided", content=b"\x05" * 32)
    await log.append([asked])
    assert [r.outcome for r in log.of(HANAKO, clock())] == [""]
    await log.append([receipt, receipt])
    await log.append([receipt, entry(log, clock(), TARO)])
    assert [r.outcome for r in log.of(HANAKO, clock())] == ["provided"]
    assert [leaf.what for leaf in log.leaves(0, 10).leaves] == ["exchange", "receipt", "exchange"]
    assert [leaf.what for leaf in log.by_number(asked.number)] == ["exchange", "receipt"]
    proven = log.proof(HANAKO, asked.number, clock())
    assert proven.receipt is not None
    assert proven.receipt.leaf.content == "05" * 32
    assert [check for check in proof.checks(proven, log.head().key) if check.fault] == []


async def test_old_records_keep_their_words_when_the_law_is_worded_anew(tmp_path: Path, clock: Clock) -> None:
    log = await filled(tmp_path, clock, 1)
    new = msgspec.structs.replace(WORDS, purpose="新しい事務")
    log.learn([new, WORDS])
    await log.append([entry(log, clock(), edition=edition(new))])
    await log.close()
    again = open_log(tmp_path, clock)
    assert [r.purpose for r in again.of(HANAKO, clock())] == ["新しい事務", WORDS.purpose]
    assert {words.purpose for words in again.leaves(0, 10).words} == {"新しい事務", WORDS.purpose}


@pytest.mark.parametrize(
    "wrong",
    [{"number": b"1"}, {"requester": b"short"}, {"edition": "0" * 64}, {"edition": ""}, {"mark": "x" * 201}],
)
async def test_an_entry_that_could_not_be_kept_is_refused_alone(
    log: GatewayLog, clock: Clock, wrong: dict[str, object]
) -> None:
    good, bad = log.append([entry(log, clock())]), log.append([entry(log, clock()), entry(log, clock(), **wrong)])
    kept, refused = await asyncio.gather(good, bad, return_exceptions=True)
    assert kept is None
    assert isinstance(refused, ValueError)
    assert log.leaves(0, 10).size == 1


async def test_many_at_once_are_all_there_and_share_their_commits(
    tmp_path: Path, log: GatewayLog, clock: Clock
) -> None:
    commits: list[object] = []
    event.listen(log._engine, "commit", commits.append)
    entries = [entry(log, clock()) for _ in range(300)]
    await asyncio.gather(*(log.append([one]) for one in entries))
    assert {leaf.number for leaf in log.leaves(0, 1000).leaves} == {one.number.hex() for one in entries}
    assert len(commits) < 30, "group commit"
    assert scalar(tmp_path, "SELECT count(*) FROM leaves") == 300


async def test_a_commit_that_fails_fails_its_requests_and_leaves_tree_and_database_in_step(
    tmp_path: Path, log: GatewayLog, clock: Clock
) -> None:
    await log.append([entry(log, clock())])
    pages = scalar(tmp_path, "PRAGMA page_count")

    def full(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(log._engine, "begin", full)
    answered, error = 0, None
    while error is None:
        assert answered < 1000
        try:
            await log.append([entry(log, clock())] * 10)
            answered += 1
        except DBAPIError as exc:
            error = exc
    assert "full" in str(error.orig)
    event.remove(log._engine, "begin", full)
    event.listen(log._engine, "checkout", lambda connection, *_: connection.execute("PRAGMA max_page_count = 100000"))
    assert log.leaves(0, 1).size == 1 + 10 * answered == scalar(tmp_path, "SELECT count(*) FROM leaves")
    last = entry(log, clock(), TARO)
    await log.append([last])
    assert [check for check in proof.checks(log.proof(TARO, last.number, clock()), log.head().key) if check.fault] == []


async def test_a_commit_that_seemed_to_fail_but_happened_is_taken_in(
    tmp_path: Path, log: GatewayLog, clock: Clock
) -> None:
    def cut_off(connection: object) -> None:
        connection.connection.driver_connection.commit()  # type: ignore[attr-defined]
        raise sqlite3.OperationalError("the line broke after the commit")

    event.listen(log._engine, "commit", cut_off)
    first = entry(log, clock())
    with pytest.raises(sqlite3.OperationalError):
        await log.append([first])
    event.remove(log._engine, "commit", cut_off)
    second = entry(log, clock(), TARO)
    await log.append([second])
    assert [leaf.number for leaf in log.leaves(0, 10).leaves] == [first.number.hex(), second.number.hex()]
    assert [r.transaction_number for r in log.of(HANAKO, clock())] == [shown(first.number)]
    assert [c for c in proof.checks(log.proof(TARO, second.number, clock()), log.head().key) if c.fault] == []


async def test_after_the_end_nothing_is_written(tmp_path: Path, clock: Clock) -> None:
    log = await filled(tmp_path, clock, 1)
    await log.close()
    with pytest.raises(LogClosed):
        await log.append([entry(log, clock())])


async def test_a_leaf_changed_behind_is_noticed_when_it_is_read(tmp_path: Path, clock: Clock) -> None:
    log = await filled(tmp_path, clock, 3)
    change(tmp_path, "UPDATE leaves SET outcome = 'no_automatic_answer' WHERE position = 1")
    with pytest.raises(LogAltered, match="leaf 1"):
        log.leaves(0, 10)
    await log.close()


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_nobody_is_in_the_files_and_only_the_master_key_finds_them(tmp_path: Path, clock: Clock) -> None:
    log = await filled(tmp_path, clock, 3)
    await log.close()
    database(tmp_path).dispose()
    files = everything_in(tmp_path)
    assert HANAKO not in files
    assert HANAKO.hex().encode() not in files


async def test_who_comes_with_each_turn_of_the_loop_shares_one_commit(
    log: GatewayLog, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await _commits(log, clock, monkeypatch) == [6]


async def test_nobody_waits_for_others_for_longer_than_a_while(
    log: GatewayLog, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", 0)
    commits = await _commits(log, clock, monkeypatch)
    assert sum(commits) == 6
    assert len(commits) > 1


async def _commits(log: GatewayLog, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Hand in an entry in each of six turns; how many each commit took."""
    sizes: list[int] = []
    write = Pen.write

    def counted(pen: Pen, written: Sequence[Written], *rest: Any) -> None:
        sizes.append(len(written))
        write(pen, written, *rest)

    monkeypatch.setattr(Pen, "write", counted)
    entries = [entry(log, clock()) for _ in range(6)]
    async with asyncio.TaskGroup() as group:
        for one in entries:
            group.create_task(log.append([one]))
            await asyncio.sleep(0)
    return [size for size in sizes if size]
