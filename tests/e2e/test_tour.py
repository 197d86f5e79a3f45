"""The demo walks its main path by itself, in every profile, and says honestly when it got lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.tours import TOURS
from tests.pcsc import PrivatePcscd

MAIN = ("stb", "counter", "hospital")
"""The rest is walked by `script/pictures`: each is a real kiosk for half a minute or more."""
DEMO = [sys.executable, "-m", "kiosk.cli", "demo"]


@pytest.mark.parametrize("path", MAIN)
def test_the_tour_reaches_every_screen(path: str, data: Path, pcscd: PrivatePcscd, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    options = ["--profile", path, "--tour", str(folder), "--data", str(data), "--vpcd", pcscd.vpcd]
    done = subprocess.run([*DEMO, *options], capture_output=True, text=True, timeout=180, check=False)
    story = json.loads((folder / "tour.json").read_text("utf-8"))
    assert (done.returncode, story["ok"], story["failed"]) == (0, True, ""), done.stderr
    assert [step["screen"] for step in story["steps"]] == [step.screen for step in TOURS[path]]
    for step in story["steps"]:
        assert (folder / step["picture"]).stat().st_size > 1000
    assert "qml" not in done.stderr.lower()


def test_without_a_card_service_the_card_is_linked_directly(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    # A path without pcscd and a socket nobody listens at: what a machine without a card service looks like.
    nobody = {"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody"), "PATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    options = ["--tour", str(folder), "--data", str(data)]
    done = subprocess.run([*DEMO, *options], capture_output=True, text=True, timeout=180, check=False, env=nobody)
    assert done.returncode == 0, done.stderr
    assert "linked directly" in done.stdout
    assert json.loads((folder / "tour.json").read_text("utf-8"))["ok"] is True
