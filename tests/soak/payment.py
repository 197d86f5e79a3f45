"""Payments killed at every step, so many times: `python -m tests.soak.payment TIMES`.

A child process is kiosk, cashier and payment body in one, so that its kill is a power cut for all of them. It kills
itself before its nth step for every n in turn: each operation on a file of the place, each opening of a database,
each statement and each commit. The patient comes back after every kill. At the end each bill must have been charged
once and told to the practice once, and its receipt given.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, event

from tests.till.place import Place

WATCHED = {"open", "os.rename", "os.remove", "os.scandir", "sqlite3.connect"}


def main(times: int) -> Counter[str]:
    """Kill so many times; gives what was charged, told and given, and what of it was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        asyncio.run(place.prepare())
        (place.data.parent / "given").mkdir()
        told: Counter[str] = Counter()
        bills, kills, at = 0, 0, 1
        while kills < times:
            if not any((place.bills / "req").iterdir()):
                place.post(f"bill-{bills}", 100 + bills % 50)
                bills += 1
            killed = _run(place, at)
            kills += killed
            at = at + 1 if killed else 1
            _fetch(place, told)
        for _ in range(2):  # what is left: the last bill, and its receipt
            _run(place, 0)
        _fetch(place, told)
        return _count(place, bills, kills, told)


def _fetch(place: Place, told: Counter[str]) -> None:
    """The practice's computer takes each answer away."""
    for name, answer in place.told().items():
        assert answer["kind"] == "paid"
        told[str(answer["key"])] += 1
        (place.bills / "res" / f"{name}.json").unlink()


def _count(place: Place, bills: int, kills: int, told: Counter[str]) -> Counter[str]:
    with sqlite3.connect(place.data / "backend" / "payments" / "payments.db") as database:
        charged = [key for (key,) in database.execute("SELECT key FROM payments WHERE state = 'paid'")]
    with sqlite3.connect(place.own / "till.db") as database:
        (left,) = database.execute("SELECT count(*) FROM payments").fetchone()
    given = {path.name for path in (place.data.parent / "given").iterdir()}
    return Counter(
        bills=bills,
        kills=kills,
        charged=len(charged),
        double=len(charged) - bills if len(charged) > bills else 0,
        lost=bills - len(charged) if len(charged) < bills else 0,
        untold=len(set(charged) - set(told)),
        told_twice=sum(count > 1 for count in told.values()),
        without_receipt=len(set(charged) - given),
        left=left,
    )


def _run(place: Place, at: int) -> bool:
    """Let a child work, and kill it before its step number `at` (0: never); whether it was killed."""
    child = os.fork()
    if child == 0:
        _work(place, at)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        raise ChildProcessError("the till failed of itself")
    return False


def _work(place: Place, at: int) -> None:
    """In the child; never returns."""
    status = 1
    try:
        asyncio.run(_visit(place, at))
        status = 0
    finally:
        os._exit(status)


async def _visit(place: Place, at: int) -> None:
    """The kiosk starts, the patient puts the card down, says yes, and takes the receipt."""
    async with place.open() as (till, _):
        if at:
            _kill_before(str(place.data.parent), at)
        await till.settle()
        due = await till.due(place.certificate)
        if due is not None:
            paid = due if due.receipt else await till.pay(due, place.certificate, None)
            assert paid is not None
            (place.data.parent / "given" / paid.key).touch()
            await till.given(paid)


def _kill_before(folder: str, at: int) -> None:
    left = at

    def step(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(name: str, args: tuple[object, ...]) -> None:
        if name in WATCHED and str(args[0]).startswith(folder):
            step()

    sys.addaudithook(hook)
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, moment, step)


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    sys.stdout.write(f"{dict(found)}\n")
    wrong = ("double", "lost", "untold", "told_twice", "without_receipt", "left")
    sys.exit(1 if any(found[name] for name in wrong) else 0)
