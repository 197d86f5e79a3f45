"""The voice itself: a thread that has pieces made by the worker process and plays them one after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.voice import spoken
from kiosk.voice.player import Player
from kiosk.voice.sound import Sound
from kiosk.voice.voice import Saying, State

CLOSE_S = 2.0


@dataclass(frozen=True, slots=True, repr=False)
class _Talk:
    turn: int
    sayings: tuple[Saying, ...]
    speed: float
    volume: int


class Speaker:
    """A `Voice`. Its worker starts with the first thing said, its thread with the speaker."""

    def __init__(self, player: Player, store: Path, languages: frozenset[str]) -> None:
        """`store` is the folder of `store.Store`, `languages` those with an engine or with prompts in the store."""
        self.speed = 1.0
        self.volume = 50
        self._player = player
        self._store = store
        self._languages = languages
        self._woken = threading.Condition()
        self._talk = _Talk(0, (), 1.0, 0)
        self._state = State.SILENT
        self._closed = False
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        return self._state

    def speaks(self, language: str) -> bool:
        return language in self._languages

    def say(self, sayings: Sequence[Saying]) -> None:
        with self._woken:
            self._talk = _Talk(self._talk.turn + 1, tuple(sayings), self.speed, self.volume)
            self._state = State.PREPARING if sayings else State.SILENT
            self._woken.notify()
        self._player.stop()

    def stop(self) -> None:
        self.say(())

    def close(self) -> None:
        self._closed = True
        self.stop()
        if self._worker is not None:
            self._worker.kill()
        self._thread.join(CLOSE_S)

    # --- the thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        done = 0
        while True:
            with self._woken:
                while self._talk.turn == done:
                    self._woken.wait()
                talk = self._talk
            if self._closed:
                break
            done = talk.turn
            try:
                self._speak(talk)
            except (OSError, ValueError):  # the worker is gone: silence now, a new one for the next thing to say
                self._end_worker()
            self._set(State.SILENT, talk)
        self._end_worker()

    def _speak(self, talk: _Talk) -> None:
        pieces = [
            (saying, piece)
            for saying in talk.sayings
            if self.speaks(saying.language)
            for piece in spoken.pieces(saying.text, saying.language)
        ]
        for saying, piece in pieces:  # all at once: the next one is made while one plays
            self._ask(talk, saying, piece)
        told = False
        for _ in pieces:
            sound = self._answer()
            if talk is self._talk and sound.samples:
                self._set(State.SPEAKING, talk)
                self._player.play(sound, lambda: talk is self._talk)
            if talk is not self._talk and not told:
                self._send({"turn": self._talk.turn})
                told = True

    def _set(self, state: State, talk: _Talk) -> None:
        with self._woken:
            if talk is self._talk:
                self._state = state

    # --- the worker ---------------------------------------------------------------------------------------------------

    def _ask(self, talk: _Talk, saying: Saying, piece: str) -> None:
        if self._worker is None:
            self._worker = self._start_worker()
        manner = {"speed": talk.speed, "volume": talk.volume}
        what = {"language": saying.language, "piece": piece, "personal": saying.personal}
        self._send({"turn": talk.turn, **what, **manner})

    def _send(self, request: dict[str, object]) -> None:
        assert self._worker is not None  # noqa: S101 - asked before
        assert self._worker.stdin is not None  # noqa: S101 - opened with a pipe
        self._worker.stdin.write(json.dumps(request).encode() + b"\n")
        self._worker.stdin.flush()

    def _answer(self) -> Sound:
        """Raises ValueError when the worker is gone."""
        assert self._worker is not None  # noqa: S101 - asked before
        assert self._worker.stdout is not None  # noqa: S101 - opened with a pipe
        head = json.loads(self._worker.stdout.readline())
        samples = self._worker.stdout.read(head["bytes"])
        return Sound(head["rate"], samples)

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            (sys.executable, "-m", "kiosk.voice.worker", "--store", str(self._store)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            with suppress(OSError), worker:  # what it was not told is of no use any more
                worker.kill()
