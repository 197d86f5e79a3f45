"""What the first frame needs stays light; the rest comes while the picture already stands."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("asyncio", "cryptography", "httpx", "msgspec", "ssl", "kiosk.visit", "backend_client.client", "drivers.card")


@pytest.mark.parametrize(
    "module",
    ["kiosk.screens", "kiosk.desk", "kiosk.words", "kiosk.problems", "stb_profile.profile", "stb_profile.keymap"],
)
def test_importing_it_brings_in_nothing_heavy(module: str) -> None:
    question = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
