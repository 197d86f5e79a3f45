"""Assistive technology's side: a session bus of its own, the accessibility bus on it, a walk through the tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

TOOLS = ("Xvfb", "xdotool", "dbus-daemon", "busctl")
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
ACCESSIBLE = "org.a11y.atspi.Accessible"
TEXTS = (ACCESSIBLE, "Name", "Description")
FOCUSABLE, FOCUSED, VISIBLE = 11, 12, 30
"""Bits of a state. Source: atspi-constants.h."""


def missing() -> list[str]:
    return [tool for tool in (*TOOLS, LAUNCHER) if shutil.which(tool) is None]


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the tree."""

    name: str
    description: str
    role: str
    states: int

    def has(self, state: int) -> bool:
        return bool(self.states >> state & 1)


class Bus:
    """The accessibility bus."""

    def __init__(self, address: str) -> None:
        self._address = address

    def things(self) -> list[Thing]:
        """Everything below the desktop, in the order of the tree."""
        return list(self._below(*ROOT))

    def _below(self, owner: str, path: str) -> Iterator[Thing]:
        for child in self._call(owner, path, "GetChildren"):
            yield self._thing(*child)
            yield from self._below(*child)

    def _thing(self, owner: str, path: str) -> Thing:
        low, high = self._call(owner, path, "GetState")
        name, description = (str(each["data"]) for each in self._busctl("get-property", owner, path, *TEXTS))
        return Thing(name, description, self._call(owner, path, "GetRoleName"), low | high << 32)

    def _call(self, owner: str, path: str, method: str) -> Any:
        return self._busctl("call", owner, path, ACCESSIBLE, method)[0]["data"][0]

    def _busctl(self, *words: str) -> list[Any]:
        done = subprocess.run(
            ["busctl", f"--address={self._address}", "--json=short", *words],
            capture_output=True,
            check=True,
            timeout=10,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]


class Window:
    """The kiosk's window on a display where somebody presses keys."""

    def __init__(self, program: subprocess.Popen[str], environment: dict[str, str]) -> None:
        self._program = program
        self._environment = environment

    def show(self, name: str) -> None:
        """Returns when it is painted and has the keys."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(name + "\n")
        self._program.stdin.flush()
        assert self._program.stdout.readline().strip() == name
        self._xdotool("search", "--sync", "--name", f"^madoguchi: {name}$", "windowfocus", "--sync")

    def answered(self) -> None:
        """Returns when the screen has been answered."""
        assert self._program.stdout is not None
        assert self._program.stdout.readline().strip() == "answered"

    def press(self, *keys: str) -> None:
        self._xdotool("key", *keys)

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, capture_output=True, timeout=10)


@contextmanager
def window() -> Iterator[tuple[Window, Bus]]:
    """All of it, and nothing left of it afterwards."""
    with ExitStack() as stack:
        display = _announced(stack, ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"])
        environment = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "DISPLAY": f":{display}",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
        }
        session = _announced(stack, ["dbus-daemon", "--session", "--nofork", "--print-address=1"], environment)
        environment["DBUS_SESSION_BUS_ADDRESS"] = session
        _start(stack, [LAUNCHER, "--launch-immediately"], environment)
        address = _a11y_address(session)
        program = _start(stack, [sys.executable, "-m", "tests.ui.at_spi_window"], environment)
        yield Window(program, environment), Bus(address)


def _a11y_address(session: str) -> str:
    asked = ["org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"]
    done = subprocess.run(
        ["busctl", f"--address={session}", "--json=short", "call", *asked], capture_output=True, check=True, timeout=10
    )
    return str(json.loads(done.stdout)["data"][0])


def _announced(stack: ExitStack, command: list[str], environment: dict[str, str] | None = None) -> str:
    program = _start(stack, command, environment)
    assert program.stdout is not None
    return program.stdout.readline().strip()


def _start(stack: ExitStack, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    stack.callback(_end, program)
    return program


def _end(program: subprocess.Popen[str]) -> None:
    with program:
        program.terminate()
        program.wait(10)
