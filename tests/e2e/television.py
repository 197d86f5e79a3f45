"""A real X display with a real window on it, and a person with a remote control in front: Xvfb and xdotool."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from drivers.software_card.control_client import CardBox, CardBoxAway

DEMO = (sys.executable, "-m", "kiosk.cli", "demo", "--size", "1280x720")
PATIENCE_S = 40.0


@dataclass(frozen=True, slots=True)
class Television:
    """`madoguchi demo` on a display of its own."""

    display: str
    demo: subprocess.Popen[bytes]
    box: CardBox

    def reach(self, screen: str) -> None:
        """Wait until a window says in its title that it shows this screen."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self.demo.poll() is None, "the demo ended"
            found = self._xdotool("search", "--sync", "--onlyvisible", "--name", f"^madoguchi: {screen}$", check=False)
            if found:
                self._xdotool("windowfocus", "--sync", found.split()[-1], check=False)
                return
        raise AssertionError(f"{screen} did not come up; there is {self._titles()}")

    def press(self, *keys: str) -> None:
        """Press keys by their X names (Return, Escape, Down, 1 ...)."""
        for key in keys:
            self._xdotool("key", key)

    def kiosk_pids(self) -> list[int]:
        return [pid for pid in _children(self.demo.pid) if "kiosk.app" in _command(pid)]

    def _titles(self) -> str:
        return self._xdotool("search", "--name", "madoguchi", "getwindowname", "%@", check=False)

    def _xdotool(self, *words: str, check: bool = True) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        try:
            done = subprocess.run(
                ["xdotool", *words], env=environment, capture_output=True, text=True, timeout=5, check=check
            )
        except subprocess.TimeoutExpired:  # --sync waits for ever for a window that is not there yet
            return ""
        return done.stdout.strip()


@contextmanager
def television(data: Path, vpcd: str, *options: str) -> Iterator[Television]:
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        display = f":{pipe.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    demo = subprocess.Popen(
        [*DEMO, "--data", str(data), "--vpcd", vpcd, *options],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for_box(data, demo)
        yield Television(display, demo, CardBox(data))
    finally:
        demo.terminate()
        demo.wait(20)
        server.terminate()
        server.wait(10)


def _wait_for_box(data: Path, demo: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            CardBox(data).list()
        except CardBoxAway:
            continue
        return
    raise AssertionError("the demo did not start")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(child) for child in listed]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
