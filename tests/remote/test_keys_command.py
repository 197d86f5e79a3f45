"""`madoguchi keys`: what a remote sends, told live; a map learned key by key; the map in force."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from kiosk import key_sources, keys_command
from kiosk.stage_listen import Listening
from stb_profile import keymap
from stb_profile.evdev import remotes
from stb_profile.evdev.device import BUS_CEC, Device
from stb_profile.keymap import Action
from stb_profile.mapping import NAMES, ORDER, Key
from tests.remote.conftest import DEADLINE_S, KEYMAP
from tests.remote.virtual import PipeRemote

KEYBOARD = {*key_sources.LETTERS, 28, 103}


class Terminal:
    """What the command told, and lines to type."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._more = asyncio.Event()

    def tell(self, line: str) -> None:
        self.told.append(line)
        self._more.set()

    async def shows(self, part: str, times: int = 1) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while sum(part in line for line in self.told) < times:
                self._more.clear()
                await self._more.wait()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Type a line into the terminal."""
    queues: list[key_sources.Heard] = []
    monkeypatch.setattr(key_sources, "hear_lines", queues.append)
    return lambda line: queues[0].put_nowait(line)


def plugged(monkeypatch: pytest.MonkeyPatch, *pipes: PipeRemote) -> None:
    """Let the command open pipes, which cannot be grabbed, as devices."""

    def open_device(path: Path) -> Device:
        return pipes[int(path.name.removeprefix("event"))].open(path)

    there = partial(remotes.Remotes, open_device=open_device)
    monkeypatch.setattr(remotes, "Remotes", lambda *args, grab, folder: there(*args, grab=False, folder=folder))


@pytest.fixture
async def running() -> AsyncIterator[Callable[..., asyncio.Task[int]]]:
    tasks: list[asyncio.Task[int]] = []

    def run(terminal: Terminal, folder: Path, **options: Any) -> asyncio.Task[int]:
        chosen = {"devices": folder, "device": None, "write": None, "window": False, **options}
        listen = keys_command._listen(terminal.tell, argparse.Namespace(**chosen), KEYMAP)
        tasks.append(asyncio.create_task(listen))
        return tasks[-1]

    yield run
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_every_press_is_told_with_its_meaning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Callable[[str], None], running: Any
) -> None:
    remote, terminal = PipeRemote(tmp_path, KEYMAP.by_evdev, BUS_CEC), Terminal()
    plugged(monkeypatch, remote)
    command = running(terminal, tmp_path)
    await terminal.shows("Press the remote")
    remote.key(352, 1, 2, 2, 0)
    remote.scan(0x91)
    remote.key(240, 1, 0)
    await terminal.shows("nothing")
    assert terminal.told[-3:] == [
        "決定 (ok)  evdev 352  from Madoguchi test remote",
        "戻る (back)  scan 0x91  from Madoguchi test remote",
        "nothing  evdev 240  from Madoguchi test remote",
    ]
    lines("q")
    assert await command == 0
    remote.unplug()


async def test_a_remote_is_learned_key_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Callable[[str], None], running: Any
) -> None:
    keyboard = PipeRemote(tmp_path, KEYBOARD)
    remote = PipeRemote(tmp_path, range(600, 640), number=1)
    other = PipeRemote(tmp_path, range(600, 640), number=2)
    monkeypatch.setattr(PipeRemote, "open", _named_by_path)
    terminal, file = Terminal(), tmp_path / "keys.toml"
    plugged(monkeypatch, keyboard, remote, other)
    command = running(terminal, tmp_path, write=file)
    await terminal.shows(f"「{NAMES[ORDER[0]]}」を おしてください")
    keyboard.key(28, 1, 0)  # whoever sits at the keyboard types there; it is not the remote
    lines("s")
    await terminal.shows("no way through")
    remote.key(600, 1, 0)
    await terminal.shows(f"「{NAMES[ORDER[1]]}」を")
    other.key(630, 1, 0)  # another remote in the room
    remote.key(600, 1, 0)
    await terminal.shows(f"That key is 「{NAMES[ORDER[0]]}」 already.")
    remote.key(639, 1, 0)
    await terminal.shows(f"「{NAMES[ORDER[2]]}」を")
    lines("u")
    asked = sum(f"「{NAMES[ORDER[1]]}」を" in line for line in terminal.told)
    await terminal.shows(f"「{NAMES[ORDER[1]]}」を", asked + 1)
    for at, action in enumerate(ORDER[1:], 1):
        if action is Action.BLUE:
            lines("s")
        else:
            remote.key(600 + at, 1, 0)
        if at + 1 < len(ORDER):
            await terminal.shows(f"「{NAMES[ORDER[at + 1]]}」を")
    assert await command == 0
    wanted = {600 + at: action for at, action in enumerate(ORDER) if action is not Action.BLUE}
    assert keymap.load("remote", file).own == set(wanted)
    assert {code: keymap.load("remote", file).by_evdev[code] for code in wanted} == wanted
    assert "/etc/madoguchi/keys.toml" in terminal.told[-1]
    for each in (keyboard, remote, other):
        each.unplug()


def _named_by_path(remote: PipeRemote, path: Path) -> Device:
    return Device(path, os.open(path, os.O_RDONLY | os.O_NONBLOCK), path.name, remote._bus, remote._codes)


async def test_a_key_the_kernel_has_no_name_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Callable[[str], None], running: Any
) -> None:
    remote, terminal = PipeRemote(tmp_path, {352}), Terminal()
    plugged(monkeypatch, remote)
    command = running(terminal, tmp_path, write=tmp_path / "keys.toml")
    await terminal.shows("おしてください")
    remote.scan(0x4711)
    await terminal.shows("The kernel has no key for it")
    lines("q")
    assert await command == 1
    assert terminal.told[-1] == "Nothing was written."
    assert not (tmp_path / "keys.toml").exists()
    remote.unplug()


async def test_neither_devices_nor_a_display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: Any) -> None:
    monkeypatch.setattr(key_sources, "has_display", lambda: False)
    terminal = Terminal()
    assert await running(terminal, tmp_path) == 1
    assert "may be read" in terminal.told[-1]


async def test_the_window_is_a_program_that_ends_with_its_reader() -> None:
    heard: key_sources.Heard = asyncio.Queue()
    async with key_sources.by_window(heard) as show:
        show("「決定」を おしてください")
    assert heard.get_nowait() == "q", "closed windows end the command"


def test_the_window_tells_keys_and_shows_the_sentence(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    window = Listening()
    window.show()
    qtbot.waitExposed(window)
    for key, scan, held in ((Qt.Key.Key_Select.value, 361, False), (0, 360, False), (0, 360, True)):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, scan, 0, 0, "", held)
        QCoreApplication.sendEvent(window, event)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["qt"], each["evdev"]) for each in told] == [("Select", 353), ("", 352)]
    window.told.emit("「上」を おしてください")
    assert window.sentence == "「上」を おしてください"
    window.close()


async def test_lines_of_the_terminal_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("u\nq\n"))
    heard: key_sources.Heard = asyncio.Queue()
    key_sources.hear_lines(heard)
    async with asyncio.timeout(DEADLINE_S):
        assert [await heard.get(), await heard.get()] == ["u", "q"]


def test_the_map_in_force_as_a_table() -> None:
    table = keys_command.as_table(KEYMAP)
    ok = table[table.index("決定 (ok)") :].splitlines()[:5]
    assert ok == [
        "決定 (ok)",
        "  qt    Select Enter Return Space",
        "  evdev 352 621 28 353 96 57",
        "  cec   0x00 0x2b 0x1f",
        "  arib  18 17",
    ]


@pytest.mark.parametrize(("text", "used"), [("ok = { evdev = [139] }", True), ("ok = {", False), ("jump = {}", False)])
def test_a_broken_map_of_the_box_is_named_and_not_used(tmp_path: Path, text: str, used: bool) -> None:
    file, told = tmp_path / "keys.toml", list[str]()
    file.write_text(text, "utf-8")
    assert keys_command.usable("stb", file, told.append) is used
    assert len(told) == (not used)


def test_a_box_without_a_map_of_its_own_says_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    assert not keys_command.usable("stb", tmp_path / "keys.toml", told.append)
    assert told == []


def test_qt_names_and_own_codes_in_a_line() -> None:
    assert keys_command.described(Key(1, qt="Escape", device="window"), KEYMAP).startswith(
        "戻る (back)  evdev 1  Qt Escape"
    )
