"""The hand-over killed at every step, so many times: `python -m tests.soak.handover TIMES`.

A child process works through the folders and kills itself before its nth operation on a file there, as an audit hook
sees them, for every n in turn; now and then the practice's computer fetches answers between two kills. At the end each
request must have had one answer: not none, and not two.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.handover.office import REQUESTS, Office, written

REQUEST = written("OQSsiquc01req_", REQUESTS["OQSsiquc01req_"])
WATCHED = {"open", "os.rename", "os.remove", "os.scandir"}
AT_ONCE = 3
STEPS = 3


def main(times: int, seed: int = 7) -> Counter[str]:
    """Kill so many times; gives how many answers each request had, and how often what came of a kill."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        desk = _Desk(office)
        kills, at = 0, 1
        while kills < times:
            desk.ask()
            killed = _run(folder, at)
            kills += killed
            at = at + 1 if killed else 1
            if chance.random() < 0.7:
                desk.fetch()
        _run(folder, 0)
        desk.fetch()
        left = office.all_files()
    answers = Counter(desk.fetched)
    return Counter(
        requests=desk.asked,
        kills=kills,
        lost=desk.asked - len(answers),
        double=sum(count > 1 for count in answers.values()),
        left=len(left),
    )


class _Desk:
    """The practice's computer: names of its own for each request, and each answer is fetched once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.asked = 0
        self.fetched: list[str] = []

    def ask(self) -> None:
        while sum(1 for _ in self._office.req.iterdir()) < AT_ONCE:
            self._office.put(f"OQSsiquc01req_{self.asked}.xml", REQUEST)
            self.asked += 1

    def fetch(self) -> None:
        for path in self._office.res.glob("OQS*.xml"):
            assert self._office.answer(path.name).header["segment"] == "1", "never half an answer"
            self.fetched.append(path.name)
            path.unlink()


def _run(folder: str, at: int) -> bool:
    """Let a child work, and kill it before its operation number `at` (0: never); whether it was killed."""
    child = os.fork()
    if child == 0:
        _work(folder, at)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        raise ChildProcessError("the exchange failed of itself")
    return False


def _work(folder: str, at: int) -> None:
    """In the child; never returns."""
    status = 1
    try:
        office = Office(Path(folder))
        if at:
            _kill_before(folder, at)
        asyncio.run(office.steps(STEPS))
        status = 0
    finally:
        os._exit(status)


def _kill_before(folder: str, at: int) -> None:
    left = at

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event in WATCHED and str(args[0]).startswith(folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    sys.stdout.write(f"{dict(found)}\n")
    sys.exit(1 if found["lost"] or found["double"] or found["left"] else 0)
