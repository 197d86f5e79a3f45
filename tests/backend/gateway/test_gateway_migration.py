"""Keys and schemes are replaced while exchanges go on: nobody is ever called by a symbol the hearer does not hold."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import httpx
import msgspec
import pytest
from backend_kit import Clock
from gateway_kit import HANAKO, PROVIDED, Rig, build_rig, code_of, problem

from backend_client import wire
from backend_stub.gateway.symbols import SchemeRefused

TO_TABLE = (("table", 2, "present"), ("siv", 1, "taken"))
NEW_KEY = (("siv", 2, "present"), ("siv", 1, "taken"))
PERSONS = [bytes([number]) * 12 for number in range(1, 9)]


def put(rig: Rig, *versions: tuple[str, int, str]) -> None:
    write(rig.data / "symbols.toml", *versions)


def write(path: Path, *versions: tuple[str, int, str]) -> None:
    entries = [f'[[version]]\nnumber = {n}\nmethod = "{m}"\nstate = "{s}"\n' for m, n, s in versions]
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("".join(entries), "utf-8")
    os.utime(path, ns=(stamp + 1, stamp + 1))  # clocks of file systems are coarse


async def migrated(rig: Rig, machine: str, symbol: str) -> str:
    return (await rig.done(machine, "/symbol-migrations", wire.SymbolMigration(symbol=symbol), wire.SymbolGrant)).symbol


class Holder:
    """The provider: it knows its people by the symbols it has kept, and by nothing else."""

    def __init__(self, rig: Rig) -> None:
        self.kept: set[str] = set()
        rig.neighbours["midori-tax"].answer = self.provide

    def provide(self, request: httpx.Request) -> object:
        asked = msgspec.json.decode(request.content, type=wire.ProvideRequest)
        return PROVIDED if asked.symbol in self.kept else problem("no_data", "midori-tax")


@pytest.mark.parametrize("plan", [TO_TABLE, NEW_KEY])
async def test_all_move_over_while_exchanges_go_on(
    rig: Rig, clock: Clock, plan: tuple[tuple[str, int, str], ...]
) -> None:
    holder = Holder(rig)
    mine = {person: await rig.symbol("midori-city", person) for person in PERSONS}
    theirs = {person: await rig.symbol("midori-tax", person) for person in PERSONS}
    holder.kept.update(theirs.values())
    put(rig, *plan)
    clock.turn(seconds=2)
    running = True

    async def work(person: bytes) -> int:
        done = 0
        while running or done == 0:
            answer = await rig.exchange(mine[person])
            assert answer.status_code == 200, answer.text
            done += 1
        return done

    async def move(person: bytes, machine: str, book: dict[bytes, str]) -> None:
        old = book[person]
        new = await migrated(rig, machine, old)
        if machine == "midori-tax":
            holder.kept.add(new)
        book[person] = new
        assert await migrated(rig, machine, new) == new
        if machine == "midori-tax":
            holder.kept.discard(old)

    async def move_all() -> None:
        nonlocal running
        for person in PERSONS:
            await move(person, "midori-tax", theirs)
            await move(person, "midori-city", mine)
        running = False

    *done, _ = await asyncio.gather(*(work(person) for person in PERSONS), move_all())
    assert len(done) == len(PERSONS)
    assert {symbol[:2] for symbol in (*mine.values(), *theirs.values())} == {"02"}
    put(rig, (plan[0][0], 2, "present"), ("siv", 1, "old"))
    clock.turn(seconds=2)
    assert [(await rig.exchange(symbol)).status_code for symbol in mine.values()] == [200] * len(PERSONS)


async def test_a_body_hears_the_present_symbol_only_when_it_has_shown_it(rig: Rig, clock: Clock) -> None:
    mine, theirs = await rig.symbol("midori-city"), await rig.symbol("midori-tax")
    put(rig, *TO_TABLE)
    clock.turn(seconds=2)

    async def heard() -> str:
        assert (await rig.exchange(mine)).status_code == 200
        symbol: str = rig.neighbours["midori-tax"].last(wire.ProvideRequest).symbol
        return symbol

    assert await heard() == theirs
    new = await migrated(rig, "midori-tax", theirs)
    assert await heard() == theirs, "its answer may still be on the way"
    assert await migrated(rig, "midori-tax", new) == new
    assert await heard() == new
    assert (await rig.exchange(await migrated(rig, "midori-city", mine))).status_code == 200


async def test_what_is_given_new_meanwhile_is_of_the_present_version(rig: Rig, clock: Clock) -> None:
    mine = await rig.symbol("midori-city")
    put(rig, *TO_TABLE)
    clock.turn(seconds=2)
    new = await rig.symbol("midori-tax")
    assert new[:2] == "02"
    await rig.exchange(mine)
    assert rig.neighbours["midori-tax"].last(wire.ProvideRequest).symbol == new


async def test_afterwards_an_old_symbol_can_be_migrated_and_nothing_else(rig: Rig, clock: Clock) -> None:
    old = await rig.symbol("midori-city")
    put(rig, ("table", 2, "present"), ("siv", 1, "old"))
    clock.turn(seconds=2)
    answer = await rig.exchange(old)
    assert (answer.status_code, code_of(answer)) == (409, "symbol_old")
    assert rig.events() == [("old_symbol", "midori-city", "", "symbol_old")]
    assert not rig.neighbours["midori-tax"].asked
    assert (await rig.exchange(await migrated(rig, "midori-city", old))).status_code == 200


@pytest.mark.logs("alarm: wrong_symbol by midori-city")
@pytest.mark.parametrize("state", ["taken", "old"])
async def test_a_foreign_symbol_is_an_alarm_in_every_version(rig: Rig, clock: Clock, state: str) -> None:
    foreign = await rig.symbol("midori-tax")
    put(rig, ("table", 2, "present"), ("siv", 1, state))
    clock.turn(seconds=2)
    for path, message in (
        ("/symbol-migrations", wire.SymbolMigration(symbol=foreign)),
        ("/notices", wire.NoticeRequest(symbol=foreign, draft=wire.NoticeDraft(title="t", summary=(), body="b"))),
    ):
        assert code_of(await rig.call("midori-city", path, message)) == "symbol_invalid"
    assert {event for event, *_ in rig.events()} == {"wrong_symbol"}


@pytest.mark.logs("alarm: wrong_symbol by midori-city")
async def test_a_version_that_was_taken_out_is_unknown(rig: Rig, clock: Clock) -> None:
    old = await rig.symbol("midori-city")
    put(rig, ("table", 2, "present"))
    clock.turn(seconds=2)
    assert code_of(await rig.exchange(old)) == "symbol_invalid"


@pytest.mark.logs("the versions of symbols stay as they were")
async def test_a_plan_that_is_not_in_order_changes_nothing(rig: Rig, clock: Clock) -> None:
    symbol = await rig.symbol("midori-city")
    for plan in ([("table", 2, "taken")], [("number", 2, "present")]):
        put(rig, *plan)
        clock.turn(seconds=2)
        assert (await rig.exchange(symbol)).status_code == 200


def test_a_gateway_does_not_start_with_the_number_as_symbol(tmp_path: Path) -> None:
    write(tmp_path / "symbols.toml", ("number", 1, "present"))
    with pytest.raises(SchemeRefused, match="大綱"):
        build_rig(tmp_path)


async def test_the_plan_is_read_at_the_start(tmp_path: Path, clock: Clock) -> None:
    write(tmp_path / "symbols.toml", ("two-kinds", 9, "present"))
    rig = build_rig(tmp_path, clock)
    assert await rig.symbol("midori-city") == await rig.symbol("midori-tax"), "nobody was named as keeping numbers"
    assert (await rig.symbol("portal", HANAKO))[:2] == "09"
    await rig.close()
