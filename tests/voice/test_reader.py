"""When a visit is read aloud, and what of it everybody in the room may hear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drivers.errors import Pin
from kiosk.preferences import Company
from stb_profile.keymap import Action
from stb_profile.profile import load
from tests.flow.scene import Scene
from tests.flow.scripted_stage import BACK, KEY
from tests.voice.kit import RecordingVoice

PEOPLE = ("見本", "花子", "ハナコ")


def scene_with(recorder: RecordingVoice, **preferences: Any) -> Scene:
    return Scene(profile=replace(load("stb"), preferences=preferences), voice=recorder)


def whole_visit(scene: Scene) -> list[tuple[Any, ...]]:
    return [
        *scene.begin(),
        ("home", "notices"),
        ("notices", "n1"),
        ("notices.confirm", True),
        ("notices.notice", "back"),
        ("notices", BACK),
        ("home", "access_log"),
        ("access_log", "0"),
        ("access_log.record", "back"),
        ("access_log", BACK),
        *scene.end(),
    ]


def test_without_the_wish_nothing_is_said() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    scene.play(*whole_visit(scene))
    assert voice.said == []


def test_a_visit_is_read_screen_by_screen() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)
    scene.play(*whole_visit(scene))
    for title in ("数字4けたの暗証番号を入れてください", "おしらせ", "だれが見た？", "カードを取ってください"):
        assert title in voice.heard
    assert "マイ・ポータル" not in voice.heard, "the invitation speaks to nobody"


def test_a_whole_visit_says_nothing_personal_and_says_where_it_could() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)
    scene.play(*whole_visit(scene))
    assert not [saying for saying in voice.sayings if saying.personal]
    assert not [text for text in voice.heard if any(name in text for name in PEOPLE)]
    assert "ここから先は、青のボタンで よみあげます。" in voice.heard


def test_into_earphones_everything_is_said_without_asking() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    scene.earphones = True
    scene.play(*whole_visit(scene))
    assert "見本 花子さん、こんにちは" in voice.heard
    assert "voice.ask" not in scene.stage.names
    assert "ここから先は、青のボタンで よみあげます。" not in voice.heard


def test_earphones_pulled_out_end_it() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    scene.earphones = True

    def pull() -> None:
        scene.earphones = False
        voice.said.clear()

    scene.play(*scene.begin(), ("home", pull, "access_log"), ("access_log", BACK), *scene.end())
    assert not [saying for saying in voice.sayings if saying.personal]
    assert "だれが見た？" in voice.heard


def blue(scene: Scene) -> Any:
    return lambda: scene.stage.press(Action.BLUE)


def test_the_blue_key_begins_it_at_the_invitation_and_it_goes_on() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    scene.play(("attract", blue(scene), KEY), ("place_card", scene.insert), ("sign_in.pin", "1234"), *scene.end())
    assert voice.heard[0] == "マイ・ポータル"
    assert "マイナンバーカードを置いてください" in voice.heard
    assert "画面の情報を消しました" in voice.heard


def test_the_blue_key_asks_before_it_says_what_is_personal() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    home = [("home", blue(scene)), ("voice.ask", False), ("home", blue(scene)), ("voice.ask", True)]
    scene.play(*scene.begin(), *home, *scene.end())
    asked = voice.heard.index("声に出して よみますか？")
    assert not any("花子" in text for text in voice.heard[:asked])
    assert "見本 花子さん、こんにちは" in voice.heard[asked:]
    assert [text for text in voice.heard if "花子" in text] == ["見本 花子さん、こんにちは"], "not after the no"


def test_alone_one_yes_holds_for_the_visit() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    asked = [("home", blue(scene)), ("voice.ask", True)]
    scene.play(*scene.begin(), *asked, ("home", "notices"), ("notices", blue(scene), BACK), *scene.end())
    assert any(saying.personal for saying in voice.sayings)
    assert scene.stage.names.count("voice.ask") == 1
    assert "ここから先は、青のボタンで よみあげます。" not in voice.heard


def test_together_a_yes_holds_for_its_screen() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, company=Company.TOGETHER.value)
    scene.play(
        *scene.begin(), ("home", blue(scene)), ("voice.ask", True), ("home", "notices"), ("notices", BACK), *scene.end()
    )
    first = voice.heard.index("見本 花子さん、こんにちは")
    after = [talk for talk in voice.said if talk and talk[0].text == "おしらせ"]
    assert first
    assert after
    assert not [saying for talk in after for saying in talk if saying.personal]


def test_back_from_the_question_is_a_no() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice)
    scene.play(*scene.begin(), ("home", blue(scene)), ("voice.ask", BACK), *scene.end())
    assert not [saying for saying in voice.sayings if saying.personal]


def test_a_key_silences_it() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)

    def silent() -> None:
        assert voice.said[-1]
        scene.stage.press(Action.LEFT)
        assert voice.said[-1] is None

    scene.play(("attract", KEY), ("place_card", silent, scene.insert), ("sign_in.pin", "1234"), *scene.end())


def test_typed_digits_are_never_said() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)

    def type_digits() -> None:
        before = len(voice.sayings)
        for digit in (Action.DIGIT_1, Action.DIGIT_2, Action.DIGIT_3):
            scene.stage.press(digit)
        assert len(voice.sayings) == before

    scene.play(("attract", scene.insert), ("sign_in.pin", type_digits, "1234"), *scene.end())
    assert "1234" not in "".join(voice.heard)


def test_the_last_tries_are_said() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)
    scene.card.tries[Pin.USER_AUTHENTICATION] = 2
    scene.play(*scene.begin(), *scene.end())
    assert "2回" in voice.heard


def test_a_language_it_cannot_speak_is_silence() -> None:
    voice = RecordingVoice(frozenset({"ja"}))
    scene = scene_with(voice, voice=True)
    scene.play(
        *scene.begin(),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "language"),
        ("preferences.language", voice.said.clear, "en"),
        *scene.end(),
    )
    assert voice.heard == []


def test_another_language_is_spoken() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True, language="ja")
    scene.play(
        *scene.begin(),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "easy"),
        ("preferences", BACK),
        *scene.end(),
    )
    assert voice.sayings[-1].language == "ja_easy"


def test_the_voice_page_changes_how_it_speaks() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)
    scene.play(
        *scene.begin(),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "voice"),
        ("preferences.voice", "voice_speed"),
        ("preferences.voice", "voice_volume"),
        ("preferences.voice", BACK),
        ("preferences", BACK),
        *scene.end(),
    )
    assert voice.manners[0] == (1.0, 50)
    assert voice.manners[-1] == (1.3, 100)


def test_switched_off_it_is_silent() -> None:
    voice = RecordingVoice()
    scene = scene_with(voice, voice=True)

    scene.play(
        *scene.begin(),
        ("home", lambda: scene.stage.press(Action.GREEN)),
        ("preferences", "voice"),
        ("preferences.voice", "voice_switch"),
        ("preferences.voice", voice.said.clear, BACK),
        ("preferences", BACK),
        *scene.end(),
    )
    assert voice.heard == []


@pytest.mark.parametrize("profile", ["stb", "counter"])
def test_nothing_is_asked_where_nothing_is_personal(profile: str) -> None:
    voice = RecordingVoice()
    scene = Scene(profile=load(profile), voice=voice)
    scene.play(("attract", KEY), ("place_card", blue(scene), scene.insert), ("sign_in.pin", "1234"), *scene.end())
    assert "voice.ask" not in scene.stage.names
    assert "マイナンバーカードを置いてください" in voice.heard
