"""`madoguchi voice render | say | status`: for whoever sets up a box."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk.voice import engines, setup, spoken
from kiosk.voice.store import Store

Tell = Callable[[str], None]
NORMAL = 1.0


def add_to(commands: Any, tell: Tell) -> None:
    """Add the command to argparse's subparsers."""
    voice = commands.add_parser("voice", help="よみあげ: is there a voice, and make its fixed prompts beforehand")
    deeds = voice.add_subparsers(required=True, metavar="DEED")
    render = deeds.add_parser("render", help="make every prompt that is always the same, so that it is said at once")
    render.add_argument("--language", action="append", help="ja, ja_easy, en ...; all that can be spoken by default")
    render.add_argument("--store", type=Path, default=setup.store_folder(), help="the folder they are kept in")
    render.set_defaults(run=lambda options: _render(options, tell))
    say = deeds.add_parser("say", help="say a sentence into a WAV file")
    say.add_argument("text")
    say.add_argument("--language", default="ja")
    say.add_argument("--speed", type=float, default=NORMAL)
    say.add_argument("--wav", type=Path, required=True)
    say.set_defaults(run=lambda options: _say(options, tell))
    status = deeds.add_parser("status", help="what there is; exit status 0 says that nothing is missing")
    status.set_defaults(run=lambda options: _status(tell))


def _render(options: argparse.Namespace, tell: Tell) -> int:
    store = Store(options.store)
    for language in options.language or sorted(engines.languages()):
        made, there = 0, 0
        for piece in fixed_pieces(language):
            if store.find(language, piece, NORMAL) is not None:
                there += 1
                continue
            try:
                store.keep(language, piece, NORMAL, engines.engine_for(language).render(piece, NORMAL))
            except engines.Mute as exc:
                tell(f"{language}: {exc}")
                return 1
            made += 1
        tell(f"{language}: {made} prompts made, {there} were there, in {options.store}")
    return 0


def fixed_pieces(language: str) -> Iterator[str]:
    """Every piece of every text without parts; texts in a voice's reach only, each once."""
    from kiosk import words

    seen: set[str] = set()
    loaded = words.load(language)
    digits = [loaded("voice.digit", digit=digit) for digit in range(10)]
    for text in (*digits, *(text for text in loaded.texts.values() if "{" not in text)):
        for line in text.splitlines():
            for piece in spoken.pieces(line, language):
                if piece not in seen:
                    seen.add(piece)
                    yield piece


def _say(options: argparse.Namespace, tell: Tell) -> int:
    samples = b""
    try:
        for piece in spoken.pieces(options.text, options.language):
            sound = engines.engine_for(options.language).render(piece, options.speed)
            samples += sound.samples
    except engines.Mute as exc:
        tell(str(exc))
        return 1
    if not samples:
        tell("There is nothing to say in it.")
        return 1
    options.wav.write_bytes(type(sound)(sound.rate, samples).to_wav())
    return 0


def _status(tell: Tell) -> int:
    missing = list(setup.missing())
    tell(f"speaks: {', '.join(sorted(engines.languages())) or 'nothing'}")
    tell(engines.CREDIT)
    for sentence in missing:
        tell(sentence)
    return 1 if missing else 0
