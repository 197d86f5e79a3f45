"""Two patients at two windows of one reception, in so many orders: `python -m tests.soak.patients ORDERS`.

Each order has delays of its own at every await of cards, readers and line, so that the visits meet each other at other
places. Nothing of the one may come onto the other's screens, papers and hand-over, and nothing may stay behind.
"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from random import Random
from typing import Any

import msgspec

from backend_client import wire
from kiosk.desk import Due
from tests.flow.fake_till import FakeTill
from tests.flow.fakes import INSURANCE, FakeBackend, FakeCard
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene
from tests.flow.scripted_stage import ScriptedPerson
from tests.flow.virtual_time import play

PATIENTS = {
    # name of the card: what is of this patient alone
    "hanako": ("見本 花子", "7654321", "301", 4_111),
    "taro": ("見本 太郎", "8765432", "402", 5_222),
}


class OwnNumber(FakeBackend):
    """Gives this patient's reception number."""

    number = ""

    async def eligibility(self, request: wire.EligibilityRequest) -> wire.Eligibility:
        return msgspec.structs.replace(await super().eligibility(request), reception_number=self.number)


def main(orders: int) -> int:
    """Play so many orders; how many pieces of paper came out. Raises AssertionError with the order's number."""
    return sum(_order(Random(number), number) for number in range(orders))


def _order(chance: Random, number: int) -> int:
    office = FrontOffice()
    scenes = {name: _scene(name, office, chance) for name in PATIENTS}
    play(_both(list(scenes.values()), [_person(scene, chance) for scene in scenes.values()]))
    marks = {name: _marks(name) for name in PATIENTS}
    for name, scene in scenes.items():
        shown = _text(scene.stage.seen)
        others = {mark for other, strange in marks.items() if other != name for mark in strange}
        assert any(mark in shown for mark in marks[name]), f"order {number}: {name} saw nothing"
        assert not [mark for mark in others if mark in shown], f"order {number}: on the screen of {name}"
    for things in (office.papers, office.handed_over):
        for thing in things:
            found = [name for name in PATIENTS if any(mark in _told(thing) for mark in marks[name])]
            assert len(found) <= 1, f"order {number}: {found} in one"
    for visit in office.handed_over:
        office.reception.forget(visit.id)
    assert office.reception.visits == (), f"order {number}: somebody is left"
    return len(office.papers)


async def _both(scenes: list[Scene], people: list[ScriptedPerson]) -> None:
    await asyncio.gather(*(scene._visit(person) for scene, person in zip(scenes, people, strict=True)))
    assert all(person.left == [] for person in people)


def _scene(name: str, office: FrontOffice, chance: Random) -> Scene:
    holder, insured, number, amount = PATIENTS[name]
    scene = Scene.of("hospital", office=office)
    scene.card, scene.backend = FakeCard(name), OwnNumber()
    scene.backend.cards, scene.backend.number = [scene.card], number
    scene.backend.insurance = msgspec.structs.replace(
        INSURANCE, name=holder, name_kana="", insured_identification_number=insured
    )
    scene.card.apdu_s, scene.backend.answer_s = chance.random() / 10, chance.random()
    scene.readers.connect_s = chance.random() / 5
    if chance.random() < 0.5:
        scene.till = FakeTill(scene.card, Due(f"bill-{name}", amount))
    return scene


def _person(scene: Scene, chance: Random) -> ScriptedPerson:
    pays: list[tuple[Any, ...]] = [("paying.sure", True), ("paying.paid", "paper"), ("paying.paid", "done")]
    is_received: list[tuple[Any, ...]] = [
        ("hospital.consent", frozenset({"medicines"}) if chance.random() < 0.5 else frozenset()),
        ("hospital.identity", "pin"),
        ("hospital.pin", "1234"),
        ("hospital.insurance", "electronic"),
    ]
    steps = is_received if scene.till is None else pays
    return ScriptedPerson(("attract", scene.insert), *steps, ("take_card", scene.remove), ("cleared",))


def _marks(name: str) -> set[str]:
    holder, insured, number, amount = PATIENTS[name]
    return {holder, insured, f"受付番号は {number}", f"{amount:,}円"}


def _told(thing: Any) -> str:
    """A paper's lines, or what a visit hands over."""
    if isinstance(thing, tuple):
        return _text(thing)
    return "" if thing.answer is None else msgspec.json.encode(thing.answer).decode()


def _text(thing: Any) -> str:
    """All texts of screens, or of lines."""
    if isinstance(thing, str):
        return thing
    if isinstance(thing, (tuple, list)):
        return "\n".join(map(_text, thing))
    if dataclasses.is_dataclass(thing):
        return "\n".join(_text(getattr(thing, field.name)) for field in dataclasses.fields(thing))
    return ""


if __name__ == "__main__":
    sys.stdout.write(f"{main(int(sys.argv[1]))} papers, each of one patient\n")
