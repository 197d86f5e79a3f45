"""What the machine has: players, earphones, and how the command line tells of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.voice import command, earphones, engines, player, setup, spoken
from kiosk.voice.sound import Sound
from kiosk.voice.store import Store
from kiosk.voice.voice import NoVoice, Saying

DEVICE = "00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n"


def has(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)


def test_alsa_with_a_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    has(monkeypatch, "aplay", "paplay")
    pcm = tmp_path / "pcm"
    assert player.find({}, pcm) is None
    pcm.write_text("00-00: mic : capture 1\n")
    assert player.find({}, pcm) is None
    pcm.write_text(DEVICE)
    found = player.find({}, pcm)
    assert isinstance(found, player.ProgramPlayer)
    assert found._arguments(24_000)[0] == "aplay"


def test_a_sound_server_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    has(monkeypatch, "aplay", "paplay")
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()
    found = player.find({"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path / "none")
    assert isinstance(found, player.ProgramPlayer)
    assert found._arguments(24_000)[:2] == ("paplay", "--raw")


@pytest.mark.skipif(shutil.which("aplay") is None, reason="no aplay")
def test_aplay_takes_what_it_is_given() -> None:
    played = player.ProgramPlayer(lambda rate: (*player.aplay(rate)[:-1], "-D", "null", "-"))
    played.play(Sound(24_000, bytes(4_800)), lambda: True)
    assert played._process is not None
    assert played._process.returncode == 0


# --- earphones -------------------------------------------------------------------------------------------------------


def socket(folder: Path, name: str, switches: str) -> None:
    capabilities = folder / name / "device" / "capabilities"
    capabilities.mkdir(parents=True)
    (capabilities / "sw").write_text(switches + "\n")


def test_earphones_are_those_of_a_socket_with_the_switch(tmp_path: Path) -> None:
    socket(tmp_path, "event1", "1")  # a lid
    socket(tmp_path, "event2", "14")  # headphone and microphone
    plugged: set[str] = set()
    ask = earphones.find(tmp_path, lambda event: event in plugged)
    assert not ask()
    plugged.add("event1")
    assert not ask()
    plugged.add("event2")
    assert ask()


def test_without_a_socket_there_are_none(tmp_path: Path) -> None:
    socket(tmp_path, "event0", "0")
    (tmp_path / "event5").mkdir()
    assert earphones.find(tmp_path) is earphones.none
    assert not earphones.none()


def test_a_device_that_cannot_be_asked_is_no() -> None:
    assert not earphones._is_on("no-such-event")


# --- set up ----------------------------------------------------------------------------------------------------------


def test_without_a_player_there_is_no_voice_and_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "find", lambda: None)
    voice = setup.find()
    assert isinstance(voice, NoVoice)
    assert not voice.speaks("ja")
    voice.say([Saying("x", "ja")])
    voice.stop()
    voice.close()
    assert any("aplay" in sentence for sentence in setup.missing())


def test_prompts_made_elsewhere_are_a_voice_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).keep("ja", "もどる", 1.0, Sound(8000, bytes(80)))
    monkeypatch.setattr(engines, "languages", frozenset)
    monkeypatch.setattr(setup, "store_folder", lambda: tmp_path)
    monkeypatch.setattr(player, "find", lambda: player.ProgramPlayer(player.aplay))
    voice = setup.find()
    assert voice.speaks("ja")
    assert not voice.speaks("en")
    voice.close()


def test_missing_engines_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(engines, "languages", frozenset)
    assert main(["voice", "status"]) == 1
    told = capsys.readouterr().out
    assert "madoguchi[voice]" in told
    assert "espeak-ng" in told


def test_prompts_are_made_beforehand_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "fixed_pieces", lambda language: ["Back", "Help"])
    told: list[str] = []
    monkeypatch.setattr("kiosk.cli._tell", told.append)
    for _ in range(2):
        assert main(["voice", "render", "--language", "en", "--store", str(tmp_path)]) == 0
    assert [line.split(", in ")[0] for line in told] == [
        "en: 2 prompts made, 0 were there",
        "en: 0 prompts made, 2 were there",
    ]
    assert Store(tmp_path).find("en", "Help", 1.0)


def test_rendering_a_language_without_a_voice_fails(tmp_path: Path) -> None:
    assert main(["voice", "render", "--language", "zh", "--store", str(tmp_path)]) == 1


@pytest.mark.parametrize("language", ["ja", "ja_easy", "en"])
def test_every_fixed_text_is_among_the_prompts(language: str) -> None:
    from kiosk import words

    pieces = list(command.fixed_pieces(language))
    assert len(pieces) == len(set(pieces)) > 150
    for key in ("place_card.title", "action.back", "still_there.lead"):
        assert set(spoken.pieces(words.load(language)(key), language)) <= set(pieces)


def test_a_sentence_into_a_file(tmp_path: Path) -> None:
    wav = tmp_path / "said.wav"
    assert main(["voice", "say", "カードを置いてください。 10:12", "--wav", str(wav)]) == 0
    sound = Sound.from_wav(wav.read_bytes())
    assert 2.5 < sound.seconds < 6
    assert main(["voice", "say", "▶", "--wav", str(wav)]) == 1
    assert main(["voice", "say", "请", "--language", "zh", "--wav", str(wav)]) == 1
