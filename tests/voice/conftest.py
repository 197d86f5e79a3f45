"""A player that plays nothing: a program that waits to be stopped, or takes its samples and ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from kiosk.voice.player import ProgramPlayer
from kiosk.voice.sound import Sound

QUICK = "import sys; sys.stdin.buffer.read()"
ENDLESS = "import sys, time; sys.stdin.buffer.read(); time.sleep(600)"


def program(source: str) -> Callable[[int], Sequence[str]]:
    return lambda rate: (sys.executable, "-I", "-S", "-c", source)


class Heard(ProgramPlayer):
    """Remembers what was given to it to play."""

    def __init__(self, source: str) -> None:
        super().__init__(program(source))
        self.sounds: list[Sound] = []

    def play(self, sound: Sound, wanted: Callable[[], bool]) -> None:
        self.sounds.append(sound)
        super().play(sound, wanted)


Until = Callable[[Callable[[], object]], float]


@pytest.fixture
def until() -> Until:
    """Wait for a condition; returns how long it took, in seconds."""

    def wait(condition: Callable[[], object]) -> float:
        start = time.monotonic()
        while not condition():
            assert time.monotonic() - start < 20, "never came true"
            time.sleep(0.001)  # the state of a thread has no event to wait for
        return time.monotonic() - start

    return wait


@pytest.fixture
def quick() -> Heard:
    return Heard(QUICK)


@pytest.fixture
def endless() -> Iterator[Heard]:
    player = Heard(ENDLESS)
    yield player
    player.stop()
