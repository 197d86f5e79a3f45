"""見守り: asked for, default no, a code for the family, marks once a day, taken back."""

from __future__ import annotations

from pathlib import Path

from backend_client import wire
from backend_client.errors import Refused, Unreachable
from kiosk.box_memory import BoxMemory
from kiosk.screens import Confirm, Detail, Result
from stb_profile.keymap import Action
from tests.flow.fake_emergency import BOX, CODE
from tests.flow.scene import Scene


def marks(scene: Scene) -> list[object]:
    return [request for request in scene.backend.requests if isinstance(request, wire.CareMark)]


def test_no_is_the_answer_that_has_focus_and_keeps_nothing() -> None:
    s = Scene.of("stb", menu=("notices", "care"))
    s.play(*s.begin(), ("home", "care"), ("care.consent", False), *s.end())
    assert isinstance(s.screen("care.consent"), Confirm)
    assert s.backend.care.since is None
    assert s.memory.marks_for == frozenset()
    assert marks(s) == []


def test_yes_gives_a_code_and_marks_this_day_once() -> None:
    s = Scene.of("stb", menu=("notices", "care"))
    s.play(*s.begin(), ("home", "care"), ("care.consent", True), ("care.code", "back"), ("home", "notices"),
           ("notices", "n2"), ("notices.notice", "back"), ("notices", lambda: s.stage.press(Action.DOWN), "n2"),
           ("notices.notice", lambda: s.stage.press(Action.RED)), ("take_card", s.remove), ("cleared",))  # fmt: skip
    code = s.screen("care.code")
    assert isinstance(code, Result)
    assert [fact.value for fact in code.facts] == [CODE]
    assert s.memory.marks_for == {BOX}
    assert marks(s) == [wire.CareMark(box=BOX)]


def test_the_next_visits_first_key_marks(tmp_path: Path) -> None:
    BoxMemory(tmp_path / "memory.json").mark_for(BOX)
    s = Scene(memory=BoxMemory(tmp_path / "memory.json"))
    s.play(*s.begin(), *s.end())
    assert marks(s) == [wire.CareMark(box=BOX)]


def test_withdrawn_the_box_forgets_at_the_next_mark() -> None:
    memory = BoxMemory()
    memory.mark_for(BOX)
    s = Scene(memory=memory)
    s.backend.faults["mark"].append(Refused("not_found", "care", "trace-1"))
    s.play(*s.begin(), *s.end())
    assert memory.marks_for == frozenset()


def test_a_day_that_could_not_be_told_is_told_at_the_next_key() -> None:
    memory = BoxMemory()
    memory.mark_for(BOX)
    s = Scene(memory=memory)
    s.backend.faults["mark"].extend((Unreachable(), Refused("fault", "care", "trace-2")))
    s.play(*s.begin(), ("home", "notices"), ("notices", "n2"), ("notices.notice", "back"),
           ("notices", lambda: s.stage.press(Action.RED)), ("take_card", s.remove), ("cleared",))  # fmt: skip
    assert len(marks(s)) == 1


def test_taken_back() -> None:
    s = Scene.of("stb", menu=("notices", "care"))
    s.play(*s.begin(), ("home", "care"), ("care.consent", True), ("care.code", "back"), ("home", "care"),
           ("care", "end"), ("care.ended", "back"), ("home", "care"), ("care.consent", False), *s.end())  # fmt: skip
    standing = s.screen("care")
    assert isinstance(standing, Detail)
    assert [action.key for action in standing.actions] == ["back", "end"]
    assert s.backend.care.since is None
