"""What of a voice there is on this machine, and what would have to be installed for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

from kiosk.voice import engines, player
from kiosk.voice.speaker import Speaker
from kiosk.voice.store import Store
from kiosk.voice.voice import NoVoice, Voice


def find() -> Voice:
    """The voice of this machine; one that says nothing where `missing` tells why."""
    speakable = engines.languages() | Store(store_folder()).languages()
    if (found := player.find()) is None or not speakable:
        return NoVoice()
    return Speaker(found, store_folder(), speakable)


def store_folder() -> Path:
    """Where pre-rendered prompts are kept."""
    return user_cache_path("madoguchi") / "voice"


def missing() -> Iterator[str]:
    """One sentence for each thing that keeps the voice from being whole."""
    there = engines.languages()
    if not there.issuperset(engines.OPEN_JTALK_LANGUAGES):
        yield "no voice for Japanese: install pyopenjtalk-plus (pip install 'madoguchi[voice]')"
    if not there.issuperset(engines.ESPEAK_VOICES):
        yield f"no voice for {', '.join(sorted(engines.ESPEAK_VOICES))}: install {engines.ESPEAK} (Debian package)"
    if player.find() is None:
        yield "nothing plays sound: a device and aplay (package alsa-utils) are needed, or paplay (pulseaudio-utils)"
