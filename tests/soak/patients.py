"""Two patients at one reception, in so many orders: `python -m tests.soak.patients ORDERS`.

In each order whoever could go on after an await is held up at random, so that visits, office and folders meet each
other at other places; some orders have the two at two windows at once, the others one right after the other. Some go
away in the middle, some find the line down first. Nothing of the one may come onto the other's screens, papers and
files, into the staff's lines about the other, or into what is handed over; and nothing may stay behind.
"""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.desk import Due
from kiosk.screens import Screen
from kiosk.stage_data import screen_data
from tests.flow.fake_till import FakeTill
from tests.flow.fakes import INSURANCE, FakeBackend, FakeCard
from tests.flow.scene import Scene
from tests.flow.scripted_stage import ScriptedPerson
from tests.flow.virtual_time import play
from tests.soak.real_office import RealOffice, quickly

PATIENTS = {
    # name of the card: what is of this patient alone
    "hanako": ("見本 花子", "7654321", "301", 4_111),
    "taro": ("見本 太郎", "8765432", "402", 5_222),
}
GARBAGE_EVERY = 50
"""Orders after which all memory is looked through."""
Script = list[tuple[Any, ...]]


class OwnNumber(FakeBackend):
    """Gives this patient's reception number."""

    number = ""

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        return msgspec.structs.replace(await super().eligibility(request), reception_number=self.number)


def main(orders: int, first: int = 0) -> int:
    """Play so many orders, from number `first` on; how many papers came out. Raises AssertionError with the number."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch, _newly_made():
        quickly(monkeypatch)
        return sum(_order(number, Path(folder)) for number in range(first, first + orders))


@contextmanager
def _newly_made() -> Iterator[None]:
    """Only what is made from now on is looked through: all that a process of many tests has takes seconds each time."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def seen_in(number: int) -> list[Screen[Any]]:
    """The screens of one order in which taro comes right after hanako, hers first."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        quickly(monkeypatch)
        scenes = _played(Random(number), RealOffice(Path(folder)), side_by_side=False)
        return [screen for scene in scenes.values() for screen in scene.stage.seen]


def marks(name: str) -> set[str]:
    """What only this patient's texts have."""
    holder, insured, number, amount = PATIENTS[name]
    return {holder, holder.replace(" ", "　"), insured, f"受付番号は {number}", f"{amount:,}円"}


def _order(number: int, root: Path) -> int:
    chance = Random(number)
    place = root / str(number)
    place.mkdir()
    office = RealOffice(place)
    scenes = _played(chance, office, side_by_side=chance.random() < 0.5)
    for name, scene in scenes.items():
        others = {mark for other in PATIENTS if other != name for mark in marks(other)}
        on_screen = "\n".join(_texts(screen_data(screen, {}) for screen in scene.stage.seen))
        assert not [mark for mark in others if mark in on_screen], f"order {number}: on the screen of {name}"
    for line in office.windows:
        assert len(_found(line)) <= 1, f"order {number}: both in one of the staff's lines"
    slips = office.files("slips")
    for content in slips.values():
        assert len(_found(content)) == 1, f"order {number}: {_found(content)} on one slip"
    _check_files(office, number)
    _forget(office, number)
    return len(slips)


def _check_files(office: RealOffice, number: int) -> None:
    """Each visit's files are of its own patient."""
    answers = {visit.id: visit.answer for visit in office.reception.visits if visit.answer is not None}
    whose = {id_: _found(msgspec.json.encode(answer).decode()) for id_, answer in answers.items()}
    for kind in ("res", "face"):
        files = office.files(kind)
        assert len(files) == len(whose), f"order {number}: {len(files)} files in {kind}"
        for name, content in files.items():
            (visit,) = re.findall(r"_(?:A|face_)([0-9]+)", name)
            assert _found(content) == whose[int(visit)], f"order {number}: {name} is of {_found(content)}"
    assert office.files("req") == {}, f"order {number}: a request is left"


def _found(text: str) -> set[str]:
    return {name for name in PATIENTS if any(mark in text for mark in marks(name))}


def _played(chance: Random, office: RealOffice, *, side_by_side: bool) -> dict[str, Scene]:
    scenes = {name: _scene(name, office, chance) for name in PATIENTS}
    people = [_person(scene, chance) for scene in scenes.values()]
    play(_day(office, list(scenes.values()), people, side_by_side=side_by_side), chance)
    assert all(person.left == [] for person in people)
    return scenes


async def _day(office: RealOffice, scenes: list[Scene], people: list[ScriptedPerson], *, side_by_side: bool) -> None:
    """Until both have gone and the practice's computer has everything."""
    working = asyncio.create_task(office.office.run())
    visits = [scene._visit(person) for scene, person in zip(scenes, people, strict=True)]
    try:
        async with asyncio.timeout(600):
            if side_by_side:
                await asyncio.gather(*visits)
            else:
                for visit in visits:
                    await visit
            await _handed_over(office)
    finally:
        for visit in visits:
            visit.close()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def _handed_over(office: RealOffice) -> None:
    wanted = len(office.asked)
    while min(len(office.files(name)) for name in ("res", "face")) < wanted or office.files("req"):  # noqa: ASYNC110
        await asyncio.sleep(1)


def _forget(office: RealOffice, number: int) -> None:
    """The clerk is done with both: nothing of them is in memory any more."""
    for id_ in [visit.id for visit in office.reception.visits]:
        office.reception.forget(id_)
    assert office.reception.visits == (), f"order {number}: somebody is left"
    if number % GARBAGE_EVERY == 0:
        gc.collect()
        assert not any(_is_theirs(one) for one in gc.get_objects()), f"order {number}: an answer is left in memory"


def _is_theirs(found: object) -> bool:
    """An answer about one of the two; other tests have answers of their own about others."""
    if not isinstance(found, wire.Eligibility) or found.insurance is None:
        return False
    number = found.insurance.insured_identification_number
    return any(number == insured for _, insured, _, _ in PATIENTS.values())


def _scene(name: str, office: RealOffice, chance: Random) -> Scene:
    holder, insured, number, amount = PATIENTS[name]
    scene = Scene.of("hospital", office=office)
    scene.card, scene.backend = FakeCard(name), OwnNumber()
    scene.backend.cards, scene.backend.number = [scene.card], number
    scene.backend.insurance = msgspec.structs.replace(
        INSURANCE, name=holder, name_kana="", insured_identification_number=insured
    )
    scene.card.apdu_s, scene.backend.answer_s = chance.random() / 10, chance.random()
    scene.readers.connect_s = chance.random() / 5
    if chance.random() < 0.3:
        scene.till = FakeTill(scene.card, Due(f"bill-{name}", amount, number=number))
    return scene


def _person(scene: Scene, chance: Random) -> ScriptedPerson:
    steps = _is_received(scene, chance) if scene.till is None else _pays()
    end: Script = [("take_card", scene.remove), ("cleared",)]
    if chance.random() < 0.2:  # goes away in the middle
        at = chance.randrange(len(steps))
        steps, end = [*steps[:at], (steps[at][0], scene.remove)], [("card_away",), ("cleared",)]
    return ScriptedPerson(("attract", scene.insert), *steps, *end)


def _is_received(scene: Scene, chance: Random) -> Script:
    steps: Script = [
        ("hospital.consent", frozenset({"medicines"}) if chance.random() < 0.5 else frozenset()),
        ("hospital.identity", "pin"),
        ("hospital.pin", "1234"),
    ]
    if chance.random() < 0.2:
        scene.backend.faults["eligibility"].append(Unreachable())
        steps.append(("E-10", "again"))
    return [*steps, ("hospital.insurance", "electronic")]


def _pays() -> Script:
    return [("paying.sure", True), ("paying.paid", "paper"), ("paying.paid", "box"), ("paying.paid", "done")]


def _texts(things: Iterable[Any]) -> Iterable[str]:
    """All strings of plain data."""
    for thing in things:
        if isinstance(thing, str):
            yield thing
        elif isinstance(thing, dict):
            yield from _texts(thing.values())
        elif isinstance(thing, list):
            yield from _texts(thing)


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]))} papers, each of one patient\n")
