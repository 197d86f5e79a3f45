"""The whole way from words to a player, by the real worker process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.voice.player import ProgramPlayer
from kiosk.voice.sound import Sound
from kiosk.voice.speaker import Speaker
from kiosk.voice.store import Store
from kiosk.voice.voice import Saying, State
from tests.voice.conftest import Heard, Until, program

CALL_MS = 5.0
"""What a call may take of a window's thread."""
STOP_MS = 100.0

Make = Callable[..., Speaker]
LANGUAGES = frozenset({"ja", "en"})
HELLO = Saying("Hello there.", "en")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    speakers: list[Speaker] = []

    def of(player: ProgramPlayer, store: Path = tmp_path / "store") -> Speaker:
        speakers.append(Speaker(player, store, LANGUAGES))
        return speakers[-1]

    yield of
    for speaker in speakers:
        speaker.close()


def test_pieces_are_played_in_order_and_then_it_is_silent(make: Make, quick: Heard, until: Until) -> None:
    speaker = make(quick)
    speaker.say([Saying("One. Two hundred and fifty thousand.", "en"), Saying("カード。", "ja")])
    assert speaker.state is not State.SILENT
    until(lambda: speaker.state is State.SILENT)
    assert [sound.rate for sound in quick.sounds] == [22_050, 22_050, 24_000]
    assert quick.sounds[0].seconds < quick.sounds[1].seconds


def test_a_stop_is_heard_within_100_ms_and_nothing_waits_for_it(make: Make, endless: Heard, until: Until) -> None:
    speaker = make(endless)
    speaker.say([HELLO, HELLO, HELLO])
    until(lambda: endless._process)
    process = endless._process
    assert process is not None
    start = time.monotonic()
    speaker.stop()
    called_ms = 1000 * (time.monotonic() - start)
    until(lambda: process.poll() is not None)
    assert 1000 * (time.monotonic() - start) < STOP_MS
    assert called_ms < CALL_MS
    until(lambda: speaker.state is State.SILENT)
    assert len(endless.sounds) == 1, "the rest is not said"


def test_something_new_takes_the_place_of_what_is_said(make: Make, endless: Heard, until: Until) -> None:
    speaker = make(endless)
    speaker.say([HELLO] * 20)
    until(lambda: endless._process)
    speaker.say([Saying("カード。", "ja")])
    until(lambda: len(endless.sounds) == 2)
    assert endless.sounds[1].rate == 24_000


def test_a_stop_between_preparing_and_playing_is_not_lost() -> None:
    player = Heard("import time; time.sleep(20)")
    player.play(Sound(8000, bytes(1000)), lambda: False)
    assert player._process is not None
    assert player._process.poll() is not None


def test_languages_without_an_engine_are_left_out(make: Make, quick: Heard, until: Until) -> None:
    speaker = make(quick)
    assert not speaker.speaks("zh")
    speaker.say([Saying("请放卡", "zh"), HELLO])
    until(lambda: speaker.state is State.SILENT)
    assert len(quick.sounds) == 1


def test_the_volume_is_that_of_the_moment(make: Make, quick: Heard, until: Until) -> None:
    speaker = make(quick)
    for speaker.volume in (100, 10):
        speaker.say([HELLO])
        until(lambda: speaker.state is State.SILENT)
    assert quick.sounds[0].loudness == pytest.approx(10 * quick.sounds[1].loudness, rel=0.05)


def test_a_worker_that_died_is_replaced(make: Make, quick: Heard, until: Until) -> None:
    speaker = make(quick)
    speaker.say([HELLO])
    until(lambda: speaker.state is State.SILENT)
    assert speaker._worker is not None
    speaker._worker.kill()
    speaker._worker.wait()
    speaker.say([HELLO])
    until(lambda: speaker.state is State.SILENT)
    speaker.say([HELLO])
    until(lambda: speaker.state is State.SILENT)
    assert len(quick.sounds) == 2


def test_closing_leaves_no_process(make: Make, endless: Heard, until: Until) -> None:
    speaker = make(endless)
    speaker.say([HELLO])
    until(lambda: endless._process)
    worker, player = speaker._worker, endless._process
    speaker.close()
    assert worker is not None
    assert player is not None
    assert worker.poll() is not None
    assert player.poll() is not None
    assert not speaker._thread.is_alive()


def test_a_player_that_is_not_there_is_silence(make: Make, until: Until) -> None:
    speaker = make(ProgramPlayer(lambda rate: ("no-such-player",)))
    speaker.say([HELLO])
    until(lambda: speaker.state is State.SILENT)


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_own_words_are_kept_and_personal_ones_never(make: Make, quick: Heard, until: Until, tmp_path: Path) -> None:
    speaker = make(quick, tmp_path)
    speaker.say([Saying("Back.", "en"), Saying("Mihon Hanako.", "en", personal=True)])
    until(lambda: speaker.state is State.SILENT)
    assert len(quick.sounds) == 2
    assert len(list(tmp_path.rglob("*"))) == 2, "a folder for the language, and one file"
    assert Store(tmp_path).find("en", "Back.", 1.0)
    assert not Store(tmp_path).find("en", "Mihon Hanako.", 1.0)


def test_what_was_rendered_before_is_said_without_an_engine(
    make: Make, quick: Heard, until: Until, tmp_path: Path
) -> None:
    beep = Sound(16_000, b"\x00\x40" * 1600)
    Store(tmp_path).keep("ja", "もどる", 1.0, beep)
    speaker = make(quick, tmp_path)
    speaker.say([Saying("もどる", "ja")])
    until(lambda: speaker.state is State.SILENT)
    assert quick.sounds == [beep.at(50)]


def test_a_folder_that_cannot_be_written_and_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "ja").write_text("not a folder")
    Store(tmp_path).keep("ja", "x", 1.0, Sound(8000, b"ab"))
    assert Store(tmp_path).find("ja", "x", 1.0) is None
    store = Store(tmp_path / "other")
    store.keep("ja", "x", 1.0, Sound(8000, b"ab"))
    store._path("ja", "x", 1.0).write_bytes(b"RIFF")
    assert store.find("ja", "x", 1.0) is None


def test_another_speed_is_another_sound(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("ja", "x", 1.0, Sound(8000, b"ab"))
    assert store.find("ja", "x", 1.3) is None


def test_the_worker_ends_with_its_input(make: Make, quick: Heard, until: Until) -> None:
    speaker = make(quick)
    speaker.say([HELLO])
    until(lambda: speaker.state is State.SILENT)
    worker = speaker._worker
    assert worker is not None
    assert worker.stdin is not None
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 10 + os.getpriority(os.PRIO_PROCESS, 0)
    worker.stdin.close()
    until(lambda: worker.poll() is not None)


def test_the_program_is_given_every_sample(tmp_path: Path) -> None:
    out = tmp_path / "played"
    source = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_bytes(sys.stdin.buffer.read())"
    ProgramPlayer(program(source)).play(Sound(8000, bytes(range(256)) * 1000), lambda: True)
    assert out.read_bytes() == bytes(range(256)) * 1000
