"""Two residents at two kiosks of one town, in so many orders: `python -m tests.interleaving.orders ORDERS`.

Each order has two ways through My Portal and a drawn succession of their steps, the bodies' included. After each step
nothing of the one may have reached the other: no screen, answer, message or file; and nothing of either the log.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from backend_client.client import Backend
from kiosk import words
from kiosk.box_memory import BoxMemory
from kiosk.flows.home import ITEMS
from kiosk.race import first
from kiosk.visit import Visit
from stb_profile.profile import load
from tests.flow.fake_tray import FakeTray
from tests.flow.fakes import NOON, FakeReaders
from tests.interleaving import village
from tests.interleaving.neighbours import Neighbour, select
from tests.interleaving.stepper import SOON_S, Stepper, begin
from tests.interleaving.village import ORIGIN, Village
from tests.interleaving.wanderer import Wanderer
from tests.interleaving.watch import Leak, Watch, WatchedLine, WatchedStage

WORDS, PROFILE = words.load(), load("stb")
GOALS = tuple(item for item in ITEMS if item != "phone")
"""Of the menus; a phone of the person's own has a line of its own."""
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
GOALS_EACH, MOST_ANSWERS, ROUNDS = 3, 25, 3


@dataclass
class Played:
    """What came of the orders."""

    orders: int = 0
    looked: int = 0
    """Texts held against the marks."""
    steps: int = 0
    turns: int = 0
    """From one visit to another, or to the bodies."""
    screens: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    files: int = 0


def main(orders: int, goals: Sequence[str] = GOALS) -> Played:
    """Play so many orders. Raises Leak with the order's number."""
    with (
        tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder,
        village.by_steps(),
        asyncio.Runner(loop_factory=Stepper) as runner,
    ):
        loop = runner.get_loop()
        assert isinstance(loop, Stepper)
        place = runner.run(village.build(Path(folder)))
        watch, played = Watch(place.marks), Played()
        try:
            with _listening(watch):
                for number in range(orders):
                    _order(runner, loop, Random(number), place, watch, played, goals)
        finally:
            runner.run(place.town.close())
    played.orders, played.looked, played.steps, played.turns = orders, watch.looked, loop.steps, loop.turns
    return played


def _order(
    runner: asyncio.Runner,
    loop: Stepper,
    chance: Random,
    place: Village,
    watch: Watch,
    played: Played,
    goals: Sequence[str],
) -> None:
    loop.chance = chance
    try:
        runner.run(_both(place, watch, chance, played, goals))
        watch.check()
    except Leak as leak:
        raise Leak(f"order {played.orders}: {leak}") from leak
    played.orders += 1


async def _both(place: Village, watch: Watch, chance: Random, played: Played, goals: Sequence[str]) -> None:
    drawn = [chance.sample(goals, min(GOALS_EACH, len(goals))) for _ in place.neighbours]
    both = zip(place.neighbours, drawn, strict=True)
    visits = [begin(one.id, _visit(place, one, watch, chance, played, ways)) for one, ways in both]
    town = begin("town", _work(place, visits))
    await first(asyncio.gather(*visits), town)


async def _work(place: Village, visits: list[asyncio.Task[None]]) -> list[None]:
    """What the bodies do of themselves, in between."""
    for _ in range(ROUNDS):
        await place.town.work()
        await asyncio.sleep(SOON_S / 2)
    return await asyncio.gather(*visits)


async def _visit(
    place: Village, one: Neighbour, watch: Watch, chance: Random, played: Played, goals: list[str]
) -> None:
    readers, tray, line = FakeReaders("R1"), FakeTray(), WatchedLine(place.town.app, watch, one.id)
    person = Wanderer(one, readers, place.cards[one.id], chance, goals, MOST_ANSWERS)
    person.stage = stage = WatchedStage(person, watch, one.id)
    backend = Backend(ORIGIN, place.ca)
    backend._http = village.client(place.town, line)
    visit = Visit(
        stage=stage,
        readers=readers,  # type: ignore[arg-type]
        backend=backend,
        words=WORDS,
        profile=PROFILE,
        now=lambda: NOON,
        select=select,  # type: ignore[arg-type]
        tray=tray,
        memory=BoxMemory(),
    )
    try:
        await first(visit.run(), stage.person_failed())
    finally:
        stage.close()
    stage.look()
    for file in (*tray.printed, *tray.kept.values()):
        watch.file(one.id, file)
    played.screens.update(screen.name for screen in stage.seen)
    played.asked.update(line.asked)
    played.files += len(tray.printed) + len(tray.kept)


class _Listener(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self._watch = watch

    def handle(self, record: logging.LogRecord) -> bool:
        self._watch.log(record.getMessage())
        return True


@contextmanager
def _listening(watch: Watch) -> Iterator[None]:
    """Everything that is logged at all, of ours and of what we use; others hear what they would hear anyway."""
    root, listener = logging.getLogger(), _Listener(watch)
    level, handlers = root.level, root.handlers
    root.setLevel(logging.DEBUG)
    root.handlers = [*(handler for handler in handlers if handler.level >= logging.WARNING), listener]
    try:
        yield
    finally:
        root.handlers = handlers
        root.setLevel(level)


if __name__ == "__main__":
    found = main(int(sys.argv[1]))
    paths = len({path.rpartition("/")[0] for path in found.asked})
    sys.stdout.write(
        f"{found.orders} orders, {found.steps} steps, {found.turns} turns, {len(found.screens)} kinds of screens,"
        f" {sum(found.asked.values())} answers of {paths} kinds, {found.files} files, {found.looked} texts: no leak\n"
    )
