"""The real engines: sound of a plausible length that is not silence, made without a network."""

from __future__ import annotations

import shutil

import pytest

from kiosk.voice import engines
from kiosk.voice.sound import Sound

PUT = "カードを置いてください。"


def test_every_engine_of_the_tests_is_installed() -> None:
    assert engines.languages() == {"ja", "ja_easy", "en", "ko", "pt", "vi"}


def marked(word: str, reading: str) -> str:
    return f"\ufff9{word}\ufffa{reading}\ufffb"


@pytest.mark.parametrize(
    ("language", "text", "shortest", "longest"),
    [
        ("ja", PUT, 1.2, 3.0),
        ("ja_easy", f"カードを {marked('置', 'お')}いてください。", 1.2, 3.0),
        ("en", "Please put the card on the reader.", 1.5, 4.0),
        ("pt", "Ponha o cartão no leitor.", 1.0, 4.0),
        ("vi", "Vui lòng đặt thẻ.", 0.7, 4.0),
        ("ko", "카드를 놓아 주세요.", 0.7, 4.0),
    ],
)
def test_a_sentence_becomes_sound(language: str, text: str, shortest: float, longest: float) -> None:
    sound = engines.engine_for(language).render(text, 1.0)
    assert shortest < sound.seconds < longest
    assert sound.loudness > 0.02, "not silence"


@pytest.mark.parametrize(("language", "text"), [("ja", PUT), ("en", "Please put the card there.")])
def test_speed(language: str, text: str) -> None:
    engine = engines.engine_for(language)
    assert engine.render(text, 0.75).seconds > 1.1 * engine.render(text, 1.3).seconds


def test_a_reading_that_the_engine_would_not_choose_is_said() -> None:
    engine = engines.OpenJTalk()
    assert engine._with_readings(f"{marked('今日', 'こんにち')}の しごと") == "こんにちの しごと"
    assert engine._with_readings(f"{marked('上手', 'うわて')}の {marked('計画', 'けいかく')}") == "うわての 計画"


def test_a_word_that_it_reads_right_stays_as_written_for_its_accent() -> None:
    engine = engines.OpenJTalk()
    assert engine._with_readings(f"{marked('番号', 'ばんごう')}を {marked('入', 'い')}れる") == "番号を 入れる"


@pytest.mark.parametrize(
    ("one", "other"),
    [("けいかく", "ケーカク"), ("おうさま", "オーサマ"), ("つづき", "ツズキ"), ("ばんごう", "バンゴー")],
)
def test_kana_compare_by_sound(one: str, other: str) -> None:
    assert engines.sound_of(one) == engines.sound_of(other)


def test_other_kana_do_not() -> None:
    assert engines.sound_of("うえ") != engines.sound_of("うわ")


def test_no_engine_is_mute(monkeypatch: pytest.MonkeyPatch) -> None:
    engines.engine_for.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(engines.Mute):
        engines.engine_for("en")
    monkeypatch.setattr(engines, "ESPEAK", "no-such-program")
    with pytest.raises(engines.Mute):
        engines.Espeak("en").render("x", 1.0)


def test_espeak_that_says_nothing_is_mute() -> None:
    with pytest.raises(engines.Mute):
        engines._streamed(b"RIFF")


def test_nothing_to_say_is_mute_in_japanese_too() -> None:
    with pytest.raises(engines.Mute):
        engines.engine_for("ja").render("", 1.0)


def test_volume_is_of_the_loudest_there_is() -> None:
    loud = Sound(8000, b"\x00\x10" * 100 + b"\x00\xf0" * 100)
    assert loud.at(100).loudness == pytest.approx(0.977, abs=0.01)
    assert loud.at(50).loudness == pytest.approx(0.488, abs=0.01)
    assert loud.at(0).loudness == 0
    assert Sound(8000, b"").at(50).samples == b""


def test_a_wav_file_and_back() -> None:
    sound = Sound(8000, b"\x01\x02\x03\x04")
    assert Sound.from_wav(sound.to_wav()) == sound
