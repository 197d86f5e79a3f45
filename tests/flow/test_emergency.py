"""An evacuation notice over a visit and over the invitation, and 避難しました."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend_client.wire import EvacuationReport, Level
from kiosk.box_memory import BoxMemory
from kiosk.desk import EndReason
from kiosk.emergency import AGAIN_S
from kiosk.screens import Alarm, Menu, PinEntry
from kiosk.voice.reader import ALARM_VOLUME
from stb_profile.keymap import Action
from tests.flow.fake_emergency import LINES, notice
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, NOTHING
from tests.voice.kit import RecordingVoice

OK = "ok"


def confirmed(answer: str = OK) -> list[tuple[Any, ...]]:
    """Half a second each: what comes before anybody can have read it does not count."""
    return [("emergency", OK), ("emergency", OK), ("emergency", answer)]


def alarm_of(scene: Scene) -> Alarm:
    screen = scene.screen("emergency")
    assert isinstance(screen, Alarm)
    return screen


def test_over_a_visit_which_goes_on_where_it_was() -> None:
    s = Scene()
    s.play(*s.begin(), ("home", lambda: s.tell(notice())), *confirmed(), *s.end())
    alarm = alarm_of(s)
    assert alarm.lines == LINES
    assert alarm.title == "いますぐ、避難してください"
    assert [action.key for action in alarm.actions] == [OK], "in a visit the menu has 避難しました"
    home = s.screen("home")
    assert isinstance(home, Menu)
    assert (home.choices[0].key, home.choices[0].badge) == ("evacuated", "避難指示")
    assert s.memory.confirmed == {"n4"}
    assert s.stage.reminder == "避難指示"


def test_over_a_pin_which_is_asked_anew() -> None:
    s = Scene()
    s.play(
        ("attract", s.insert),
        ("sign_in.pin", lambda: s.tell(notice())),
        *confirmed(),
        ("sign_in.pin", "1234"),
        *s.end(),
    )
    assert isinstance(s.screen("sign_in.pin"), PinEntry)


def test_the_end_of_a_visit_leaves_it_standing() -> None:
    s = Scene()
    reason = s.run(Nobody(s))
    assert reason is EndReason.CARD_TAKEN
    assert s.memory.confirmed == frozenset()


class Nobody:
    """Comes to home, and takes the card when the notice comes."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    async def meet(self, screen: Any) -> object:
        match screen.name:
            case "attract":
                self._scene.insert()
            case "sign_in.pin":
                return "1234"
            case "home":
                self._scene.tell(notice())
            case "emergency":
                self._scene.remove()
                self._scene.tell()  # all clear, much later
        return NOTHING


def test_over_the_invitation_and_straight_to_the_report() -> None:
    s = Scene()
    s.play(
        ("attract", lambda: s.tell(notice())),
        *confirmed("evacuated"),
        ("place_card", s.insert),
        ("sign_in.pin", "1234"),
        ("evacuated.where", "0.school"),
        ("evacuated.people", "3"),
        ("evacuated.sure", True),
        ("evacuated.done", "back"),
        *s.end(),
    )
    report = EvacuationReport(notice="n4", shelter="school", people=3)
    assert report in s.backend.requests
    assert s.backend.emergency.kept is not None


def test_reported_before_and_taken_back() -> None:
    s = Scene()
    again = [("evacuated.where", "elsewhere"), ("evacuated.people", "8"), ("evacuated.sure", True)]
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice())),
        *confirmed(),
        ("home", "evacuated"),
        *again,
        ("evacuated.done", "back"),
        ("home", "evacuated"),
        ("evacuated.before", "anew"),
        *again,
        ("evacuated.done", "undo"),
        ("evacuated.undone", "back"),
        *s.end(),
    )
    assert s.backend.emergency.kept is None


def test_no_is_nothing_reported() -> None:
    s = Scene()
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice())),
        *confirmed(),
        ("home", "evacuated"),
        ("evacuated.where", "0.hall"),
        ("evacuated.people", "1"),
        ("evacuated.sure", False),
        *s.end(),
    )
    assert s.backend.emergency.kept is None
    assert not any(isinstance(request, EvacuationReport) for request in s.backend.requests)


def test_a_graver_one_comes_again_and_the_same_does_not() -> None:
    s = Scene()
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice(Level.ELDERLY))),
        *confirmed(),
        ("home", lambda: s.tell(notice(Level.ELDERLY)), "notices"),
        ("notices", lambda: s.tell(notice(Level.SAVE_LIFE), notice(Level.ELDERLY))),
        *confirmed(),
        ("notices", BACK),
        *s.end(),
    )
    assert s.stage.reminder == "緊急安全確保"


def test_a_graver_one_comes_while_the_first_stands() -> None:
    s = Scene()
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice(Level.ELDERLY))),
        ("emergency", lambda: s.tell(notice(Level.SAVE_LIFE, area="山がわ"), notice(Level.ELDERLY))),
        *confirmed(),
        *s.end(),
    )
    alarm = alarm_of(s)
    assert alarm.band == "警戒レベル5　緊急安全確保"
    assert alarm.lines[-1] == "ほかにも、お知らせが 1件 出ています。"
    assert s.memory.confirmed == {"n5", "n3"}, "one OK for all that stand"


def test_confirmed_once_is_confirmed_for_the_box(tmp_path: Path) -> None:
    file = tmp_path / "kiosk" / "memory.json"
    first = Scene(memory=BoxMemory(file))
    first.play(*first.begin(), ("home", lambda: first.tell(notice())), *confirmed(), *first.end())
    second = Scene(memory=BoxMemory(file))
    second.tell(notice())
    second.play(*second.begin(), *second.end())
    assert "emergency" not in second.stage.names
    home = second.screen("home")
    assert isinstance(home, Menu)
    assert home.choices[0].key == "evacuated"
    third = Scene(memory=BoxMemory(file))
    third.tell(notice(Level.SAVE_LIFE))
    third.play(*confirmed(), *third.begin(), *third.end())


def test_all_clear_takes_page_reminder_and_menu_away() -> None:
    s = Scene()
    s.play(*s.begin(), ("home", lambda: s.tell(notice())), ("emergency", s.tell), ("home",), *s.end())
    home = s.screen("home")
    assert isinstance(home, Menu)
    assert "evacuated" not in [choice.key for choice in home.choices]
    assert s.stage.reminder == ""


def test_a_notice_ends_by_itself_on_the_bodys_clock() -> None:
    """Whatever this box's own clock says, and with the line down."""
    s = Scene()
    skewed = notice(issued_at=notice().issued_at, valid_until=notice().issued_at + timedelta(seconds=20))
    s.play(*s.begin(), ("home", lambda: s.tell(skewed)), ("emergency",), ("home",), *s.end())
    assert s.stage.reminder == ""


def test_expired_on_arrival_is_not_shown() -> None:
    s = Scene()
    s.tell(notice(valid_until=notice().issued_at - timedelta(seconds=1)))
    s.play(*s.begin(), *s.end())
    assert "emergency" not in s.stage.names


def test_a_hundred_in_a_minute_are_one_ok() -> None:
    s = Scene()
    for number in range(100):
        s.tell(*(notice(name=f"n{each}", area=f"地区{each}") for each in range(number + 1)))
    s.play(*confirmed(), *s.begin(), *s.end())
    assert s.memory.confirmed == {f"n{each}" for each in range(100)}
    assert alarm_of(s).lines[-1] == "ほかにも、お知らせが 99件 出ています。"


def test_markup_is_shown_as_text_and_long_texts_whole() -> None:
    s = Scene()
    line = "<b>にげて</b>" + "あ" * 180
    s.play(*s.begin(), ("home", lambda: s.tell(notice(lines=(line,) * 20))), *confirmed(), *s.end())
    assert alarm_of(s).lines == (line,) * 20


def test_it_speaks_with_the_voice_switched_off_loud_and_again() -> None:
    voice = RecordingVoice()
    s = Scene(voice=voice)
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice(valid_until=notice().issued_at + timedelta(seconds=AGAIN_S + 5)))),
        ("emergency",),
        ("home",),
        *s.end(),
    )
    assert voice.heard.count(LINES[0]) == 2
    assert "警戒レベル4　避難指示" in voice.heard
    assert "みどり小学校（みどり町1-1）" in voice.heard
    assert not any(saying.personal for saying in voice.sayings), "it is for everybody, and so it is said"
    assert {volume for _, volume in voice.manners} == {ALARM_VOLUME}
    assert "マイ・ポータル" not in voice.heard


def test_blue_says_it_once_more_and_asks_nothing() -> None:
    voice = RecordingVoice()
    s = Scene(voice=voice)
    s.play(
        *s.begin(),
        ("home", lambda: s.tell(notice())),
        ("emergency", lambda: s.stage.press(Action.BLUE), OK),
        *confirmed()[1:],
        *s.end(),
    )
    assert voice.heard.count(LINES[0]) >= 3
    assert "voice.ask" not in s.stage.names


@pytest.mark.parametrize("text", ["", "{", '{"confirmed": 3}', "[]", '{"confirmed": [1, "n4"]}'])
def test_a_damaged_memory_forgets(tmp_path: Path, text: str) -> None:
    file = tmp_path / "memory.json"
    file.write_text(text)
    assert BoxMemory(file).confirmed <= {"n4"}


def test_memory_on_a_box_that_cannot_keep(tmp_path: Path) -> None:
    (tmp_path / "kiosk").write_text("a file where the folder should be")
    memory = BoxMemory(tmp_path / "kiosk" / "memory.json")
    memory.confirm(["n4"])
    assert memory.confirmed == {"n4"}


def test_only_notices_that_stand_are_remembered() -> None:
    memory = BoxMemory()
    memory.confirm(["old"])
    memory.confirm(["new"])
    assert memory.confirmed == {"new"}
