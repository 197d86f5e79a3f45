"""A machine without a Japanese font: said in Latin letters, on the screen and to the operator, until ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kiosk.app import NO_FONT

KIOSK = (sys.executable, "-m", "kiosk.app")
DEJAVU_ONLY = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def test_the_kiosk_says_which_font_is_missing(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(DEJAVU_ONLY.format(cache=tmp_path / "cache"))
    kiosk = subprocess.Popen(
        [*KIOSK, "--size", "1280x720", "--backend", "https://localhost:1", "--ca", os.devnull],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert kiosk.stdout is not None
    said = [kiosk.stdout.readline() for _ in range(3)]
    assert ["painted" in said[0], "ready" in said[1], "shown" in said[2]] == [True] * 3
    assert kiosk.poll() is None, "the message stays on the screen"
    _, errors = kiosk.communicate(timeout=20)
    assert "fonts-morisawa-bizud-gothic" in errors
    assert kiosk.returncode == NO_FONT
