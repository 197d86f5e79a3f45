"""The platform edge of sound: a program that plays samples from its input, or Windows itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from kiosk.voice.sound import Sound

PCM = Path("/proc/asound/pcm")
"""Lists ALSA's sound devices, one a line."""

Arguments = Callable[[int], Sequence[str]]


class Player(Protocol):
    def play(self, sound: Sound, wanted: Callable[[], bool]) -> None:
        """Return when it was played or stopped, soon where it is not `wanted` any more. Called by one thread only."""
        ...

    def stop(self) -> None:
        """Silence now, from any thread, after `wanted` has become False. Does not wait."""
        ...


def find(environment: Mapping[str, str] = os.environ, pcm: Path = PCM) -> Player | None:
    """The player for this machine; None where nothing would be heard."""
    if sys.platform == "win32":
        return WindowsPlayer()
    if shutil.which("paplay") and _has_sound_server(environment):
        return ProgramPlayer(paplay)
    if shutil.which("aplay") and _has_device(pcm):
        return ProgramPlayer(aplay)
    return None


def _has_sound_server(environment: Mapping[str, str]) -> bool:
    """PulseAudio, or PipeWire in its place."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    return "PULSE_SERVER" in environment or (runtime is not None and Path(runtime, "pulse", "native").exists())


def _has_device(pcm: Path) -> bool:
    try:
        return "playback" in pcm.read_text()
    except OSError:
        return False


def aplay(rate: int) -> Sequence[str]:
    return ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(rate), "-")


def paplay(rate: int) -> Sequence[str]:
    return ("paplay", "--raw", "--format=s16le", "--channels=1", f"--rate={rate}")


class ProgramPlayer:
    """One short-lived process for each sound; killing it is what silence takes."""

    def __init__(self, arguments: Arguments) -> None:
        self._arguments = arguments
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def play(self, sound: Sound, wanted: Callable[[], bool]) -> None:
        try:
            process = subprocess.Popen(
                self._arguments(sound.rate),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return  # silence: what was to be said stands on the screen
        with process:
            with self._lock:
                self._process = process
                if not wanted():  # stopped while it started
                    process.kill()
            process.communicate(sound.samples)

    def stop(self) -> None:
        with self._lock:
            if self._process is not None:
                self._process.kill()  # quiet when it has ended


class WindowsPlayer:
    """By winsound; `stop` ends what plays. Not tried on a real machine yet."""

    def play(self, sound: Sound, wanted: Callable[[], bool]) -> None:
        if sys.platform == "win32" and wanted():
            import winsound

            winsound.PlaySound(sound.to_wav(), winsound.SND_MEMORY | winsound.SND_NODEFAULT)

    def stop(self) -> None:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(None, winsound.SND_PURGE)
