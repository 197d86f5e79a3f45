"""Imports only go down, and the check that says so can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.imports import faults

ROOT = Path(__file__).parents[2]
ROOMS = ("kiosk", "drivers", "backend_client", "backend_stub", "stb_profile", "benchmarks")
SOURCES = sorted(path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES)
def test_the_house_keeps_its_rules(path: str) -> None:
    assert list(faults(path, (ROOT / path).read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kiosk/flows/sign_in.py", "import PySide6"),
        ("kiosk/flows/sign_in.py", "from PySide6.QtCore import QTimer"),
        ("kiosk/flows/sign_in.py", "import time"),
        ("kiosk/flows/sign_in.py", "from asyncio import sleep"),
        ("kiosk/flows/sign_in.py", "from kiosk.visit import Visit"),
        ("kiosk/visit.py", "import PySide6.QtCore"),
        ("kiosk/visit.py", "from drivers.software_card.card import SoftwareCard"),
        ("kiosk/screens.py", "from kiosk.flows import sign_in"),
        ("drivers/apdu.py", "from kiosk import words"),
        ("drivers/apdu.py", "import backend_client.wire"),
        ("backend_stub/body.py", "from backend_client.client import Backend"),
        ("backend_stub/body.py", "from drivers import apdu"),
        ("stb_profile/keymap.py", "from drivers.errors import Pin"),
        ("drivers/apdu.py", "print('secret')"),
        ("drivers/apdu.py", "raise Exception('no')"),
        ("drivers/apdu.py", "try:\n    pass\nexcept:\n    pass"),
    ],
)
def test_one_wrong_line_is_found(path: str, line: str) -> None:
    source = ROOT / path
    before = source.read_text("utf-8") if source.exists() else ""
    assert len(list(faults(path, f"{before}\n{line}\n"))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("kiosk/stage.py", "from PySide6.QtCore import QObject"),
        ("kiosk/flows/sign_in.py", "from drivers.card.jpki import Jpki"),
        ("kiosk/cli.py", "print('a sentence')"),
        ("backend_stub/body.py", "from backend_client.wire import Problem"),
    ],
)
def test_right_lines_pass(path: str, line: str) -> None:
    assert list(faults(path, line)) == []
