"""Programs and libraries that turn words into sound. Only the worker process runs them.

OpenJTalk says Japanese, espeak-ng some languages it can pronounce; see docs/decisions/0013. Neither needs a network.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import subprocess
from functools import cache
from typing import Any, Protocol

from kiosk.voice.sound import Sound
from kiosk.words import BASE, MARKED, plain, read_aloud

ESPEAK = "espeak-ng"
ESPEAK_VOICES = {"en": "en-gb", "pt": "pt-br", "vi": "vi", "ko": "ko"}
"""By language file. Not `zh`: version 1.51 spells Chinese characters instead of reading them."""
ESPEAK_WORDS_A_MINUTE = 150
ESPEAK_S = 10.0
OPEN_JTALK = "pyopenjtalk"
OPEN_JTALK_LANGUAGES = ("ja", "ja_easy")
CREDIT = 'The Japanese voice is "Mei" of Nagoya Institute of Technology (CC BY 3.0), its engine Open JTalk.'
"""Its licence asks to be told wherever it is heard of."""
HALF_RATE = 24_000
"""Half of what OpenJTalk makes: speech has nothing above, and it halves pipe and cache."""


class Mute(Exception):
    """The engine could not say it; the text is not quoted."""


class Engine(Protocol):
    def render(self, text: str, speed: float) -> Sound:
        """One piece from `spoken.pieces`. Raises Mute."""
        ...


def languages() -> frozenset[str]:
    """Those an engine is installed for. Looks only, loads nothing."""
    found: set[str] = set()
    if importlib.util.find_spec(OPEN_JTALK) is not None:
        found.update(OPEN_JTALK_LANGUAGES)
    if shutil.which(ESPEAK) is not None:
        found.update(ESPEAK_VOICES)
    return frozenset(found)


@cache
def engine_for(language: str) -> Engine:
    """Raises Mute where there is none."""
    if language not in languages():
        raise Mute(f"no engine for {language}")
    return OpenJTalk() if language in OPEN_JTALK_LANGUAGES else Espeak(ESPEAK_VOICES[language])


class OpenJTalk:
    """Nagoya's engine with the voice "Mei". Loads 90 MB when it first speaks."""

    def __init__(self) -> None:
        self._engine: Any = importlib.import_module(OPEN_JTALK)

    def render(self, text: str, speed: float) -> Sound:
        samples, rate = self._engine.tts(self._with_readings(text), speed=speed, use_sudachi_kanji_yomi=False)
        if not len(samples):
            raise Mute
        step = round(rate / HALF_RATE)
        halved = samples[: len(samples) // step * step].reshape(-1, step).mean(axis=1)
        return Sound(HALF_RATE, (halved * (32_000 / max(1.0, abs(halved).max()))).astype("<i2").tobytes())

    def _with_readings(self, text: str) -> str:
        """The words as they are written where the engine reads them right, for it knows their accent; else as kana."""
        if BASE not in text:
            return text
        rest = sound_of(self._engine.g2p(plain(text), kana=True))

        def word(found: re.Match[str]) -> str:
            nonlocal rest
            reading = sound_of(found[2])
            _, met, after = rest.partition(reading)
            if not met:
                return found[2]
            rest = after
            return found[1]

        return MARKED.sub(word, text)


class Espeak:
    """Small and plain; a process for each piece."""

    def __init__(self, voice: str) -> None:
        self._voice = voice

    def render(self, text: str, speed: float) -> Sound:
        arguments = [ESPEAK, "-v", self._voice, "-s", str(round(ESPEAK_WORDS_A_MINUTE * speed)), "--stdin", "--stdout"]
        try:
            done = subprocess.run(
                arguments, input=read_aloud(text).encode(), capture_output=True, check=True, timeout=10
            )
        except (OSError, subprocess.SubprocessError) as exc:
            raise Mute(type(exc).__name__) from exc
        return _streamed(done.stdout)


def _streamed(data: bytes) -> Sound:
    """espeak-ng writes to a pipe and cannot go back to fill in how long the sound became: 44 bytes, then samples."""
    if data[:4] != b"RIFF" or len(data) <= 44:
        raise Mute
    samples = data[44:]
    return Sound(int.from_bytes(data[24:28], "little"), samples[: len(samples) // 2 * 2])


_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_LONG_AFTER = {"ウ": "オコソトノホモヨロゴゾドボポョウクスツヌフムユルグズブプュ", "イ": "エケセテネヘメレゲゼデベペイ"}


def sound_of(kana: str) -> str:
    """Kana by sound, so that a reading and what an engine says of it compare: けいかく and ケーカク are one."""
    katakana = kana.translate(_HIRAGANA).translate(str.maketrans("ヅヂ", "ズジ"))
    pairs = zip(" " + katakana, katakana, strict=False)
    return "".join(sign for before, sign in pairs if sign != "ー" and before not in _LONG_AFTER.get(sign, ""))
