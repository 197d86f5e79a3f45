"""Two patients quickly one after the other: nothing of the first on any screen, paper or file of the second."""

from __future__ import annotations

import dataclasses
import gc
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.reception.visit import State
from tests.flow.fakes import INSURANCE, FakeCard
from tests.flow.front_desk import FrontOffice
from tests.flow.scene import Scene

MARK = "れいじ"
"""In everything that is said of the first patient, and in nothing else."""
FIRST = msgspec.structs.replace(
    INSURANCE, name=f"例示 {MARK}", name_kana=MARK, insurer_name=MARK, insured_identification_number=MARK
)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from strings(tuple(getattr(value, "parts", {}).values()))
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            yield from strings(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from strings(getattr(value, name))


def says(value: object) -> bool:
    return any(MARK in text for text in strings(value))


def play(office: FrontOffice, way: str, validity: wire.Validity, insurance: wire.Insurance | None, **how: Any) -> Scene:
    """One patient, who leaves at screen number `leaves` where there is one."""
    scene = Scene.of("hospital", office=office)
    scene.card = FakeCard(how["card"])
    scene.backend.cards = [scene.card]
    scene.backend.validity, scene.backend.insurance = validity, insurance
    scene.backend.answer_s = how.get("answer_s", 0.2)
    if how.get("fault"):
        scene.backend.faults["eligibility"].append(Unreachable())
    outcome = "hospital.insurance" if validity is wire.Validity.VALID else f"E-11-{validity.name.lower()}"
    script: list[tuple[Any, ...]] = [("attract", scene.insert), ("hospital.consent", frozenset({"medicines"}))]
    script += [("hospital.identity", way)] + ([("hospital.pin", "1234")] if way == "pin" else [])
    script += [("E-10", "again")] if how.get("fault") else []
    script += [(outcome, "paper" if validity is wire.Validity.VALID else "next")]
    leaves = how.get("leaves")
    if leaves is not None and leaves + 1 < len(script):
        script = [*script[: leaves + 1], (script[leaves + 1][0], scene.remove), ("card_away",), ("cleared",)]
    else:
        script += [("take_card", scene.remove), ("cleared",)]
    scene.play(*script)
    return scene


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    way=st.sampled_from(("pin", "sight")),
    leaves=st.one_of(st.none(), st.integers(0, 5)),
    answer_s=st.sampled_from((0.0, 0.2, 5.0)),
    fault=st.booleans(),
    second=st.sampled_from((wire.Validity.VALID, wire.Validity.NONE, wire.Validity.SEVERAL)),
    second_way=st.sampled_from(("pin", "sight")),
    second_fault=st.booleans(),
)
def test_nothing_of_the_first_reaches_the_second(
    way: str,
    leaves: int | None,
    answer_s: float,
    fault: bool,
    second: wire.Validity,
    second_way: str,
    second_fault: bool,
) -> None:
    office = FrontOffice()
    office.cards.extend(["2001"] * 4)
    play(office, way, wire.Validity.VALID, FIRST, card="hanako", leaves=leaves, answer_s=answer_s, fault=fault)
    papers = len(office.papers)
    assert office.reception.state(1) is State.OVER
    insurance = INSURANCE if second is wire.Validity.VALID else None
    later = play(office, second_way, second, insurance, card="taro", fault=second_fault)
    assert not says(tuple(later.stage.seen))
    assert not says(tuple(lines for _, lines in office.papers[papers:]))
    assert [visit.id for visit in office.handed_over] == [1, 2]
    assert not says(office.handed_over[1])
    assert office.handed_over[1].approval is None or second_way == "sight"


def test_the_first_is_gone_from_memory_when_forgotten() -> None:
    office = FrontOffice()
    play(office, "pin", wire.Validity.VALID, FIRST, card="hanako")
    office.handed_over.clear()
    office.reception.forget(1)
    gc.collect()
    left = [one for one in gc.get_objects() if isinstance(one, wire.Eligibility | wire.Insurance) and says(one)]
    assert all(one is FIRST for one in left)


def test_the_mark_is_found() -> None:
    office = FrontOffice()
    scene = play(office, "pin", wire.Validity.VALID, FIRST, card="hanako")
    assert says(tuple(scene.stage.seen))
    assert says(office.handed_over[0])
