"""The process that makes speech: kept apart so that a window never waits for it, started when something is first said.

Requests come as one JSON object a line; each for a piece is answered by one JSON line and, where there is sound, its
samples. One without a piece only tells the turn: what still waits of an earlier turn gets an empty answer. The end of
its input is its end.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from kiosk.voice.engines import Mute, engine_for
from kiosk.voice.sound import Sound
from kiosk.voice.store import Store

NICE = 10
"""The window goes first on a box with one core."""


class Requests:
    """Reads them in a thread of its own, so that `turn` is known while an engine works."""

    def __init__(self, source: BinaryIO) -> None:
        self.turn = 0
        self._source = source
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self) -> dict[str, Any]:
        return self._waiting.get()

    def _read(self) -> None:
        for line in self._source:
            request = json.loads(line)
            self.turn = request["turn"]
            if "piece" in request:
                self._waiting.put(request)
        os._exit(0)  # at once, in the middle of a word: an engine cannot be interrupted otherwise


def sound_for(request: dict[str, Any], store: Store) -> Sound:
    """Raises Mute."""
    language, piece, speed = request["language"], request["piece"], request["speed"]
    found = store.find(language, piece, speed)
    if found is None:
        found = engine_for(language).render(piece, speed)
        if not request["personal"]:
            store.keep(language, piece, speed, found)
    return found.at(request["volume"])


def answer(request: dict[str, Any], turn: int, store: Store, out: BinaryIO) -> None:
    try:
        sound = sound_for(request, store) if request["turn"] == turn else Sound(1, b"")
    except Mute:
        sound = Sound(1, b"")
    head = {"turn": request["turn"], "rate": sound.rate, "bytes": len(sound.samples)}
    out.write(json.dumps(head).encode() + b"\n" + sound.samples)
    out.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="kiosk.voice.worker")
    parser.add_argument("--store", type=Path, required=True)
    options = parser.parse_args()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # engines like to print
    if hasattr(os, "nice"):
        os.nice(NICE)
    store = Store(options.store)
    requests = Requests(sys.stdin.buffer)
    while True:
        request = requests.next()
        answer(request, requests.turn, store, out)


if __name__ == "__main__":
    main()
