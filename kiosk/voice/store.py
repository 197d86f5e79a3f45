"""Sounds of the kiosk's own words, kept as WAV files: pre-rendered, or made once and never again.

Nothing personal is ever kept here.
"""

from __future__ import annotations

import wave
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from kiosk.voice.sound import Sound


class Store:
    """A folder. One that cannot be written, on a read-only box, is only read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def languages(self) -> frozenset[str]:
        """Those of which anything is kept."""
        return frozenset(path.parent.name for path in self._folder.glob("*/*.wav"))

    def find(self, language: str, piece: str, speed: float) -> Sound | None:
        try:
            return Sound.from_wav(self._path(language, piece, speed).read_bytes())
        except (OSError, EOFError, wave.Error):
            return None

    def keep(self, language: str, piece: str, speed: float, sound: Sound) -> None:
        path = self._path(language, piece, speed)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = path.with_suffix(".new")
            whole.write_bytes(sound.to_wav())
            whole.replace(path)

    def _path(self, language: str, piece: str, speed: float) -> Path:
        name = sha256(f"{speed:.2f} {piece}".encode()).hexdigest()[:32]
        return self._folder / language / f"{name}.wav"
