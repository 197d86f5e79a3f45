"""The Japanese font: there with every glyph, and its absence said in Latin letters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QRawFont
from pytestqt.qtbot import QtBot

from kiosk import words
from kiosk.stage_data import UI
from kiosk.stage_window import FONT, japanese_font, offered
from kiosk.words import WORDS, Language
from tests.ui import scene

NAMES = "髙﨑德濵邉邊齋齊栁辻葛"
"""Letters of names that fonts for general use leave out."""
MARKS = "▶▲▼←→↑↓●○◆◇△×✓①②③④⑤⑥⑦⑧⑨⓪｛｝／：・　"

WITHOUT_FONT = """
import json, sys
from PySide6.QtGui import QGuiApplication
from kiosk.stage import QtStage
from kiosk.stage_window import japanese_font
from kiosk.words import load as load_words
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import load as load_profile

application = QGuiApplication(sys.argv)
there = japanese_font()
stage = QtStage(load_profile("stb"), load_keymap("remote"), load_words())
stage.open_without_font((1280, 720))
while not stage.painted:
    application.processEvents()
texts = []
def walk(item):
    if item.inherits("QQuickText"):
        texts.append(item.property("text"))
    for child in item.childItems():
        walk(child)
walk(stage.window.contentItem())
stage.grab(sys.argv[1])
print(json.dumps({"there": there, "texts": texts}))
"""

DEJAVU_ONLY = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{cache}</cachedir></fontconfig>
"""


@pytest.mark.parametrize("family", [FONT, "BIZ UDGothic"])
@pytest.mark.parametrize("weight", [QFont.Weight.Normal, QFont.Weight.Bold], ids=["normal", "bold"])
def test_every_letter_has_a_glyph(qtbot: QtBot, family: str, weight: QFont.Weight) -> None:
    assert japanese_font()
    font = QRawFont.fromFont(QFont(family, 20, weight))
    assert font.familyName() == family
    missing = [letter for letter in sorted(_letters()) if not font.supportsCharacter(ord(letter))]
    assert not missing, "".join(missing)


@pytest.mark.parametrize("language", words.languages(), ids=lambda language: language.file)
def test_every_language_has_its_glyphs(qtbot: QtBot, language: Language) -> None:
    if language not in offered():
        pytest.skip(f"{language.package} is not installed: the kiosk does not offer {language.file}")
    font = QRawFont.fromFont(QFont(language.font, 20))
    assert font.familyName() == language.font
    # Names of the remote control's keys and the key to the languages are in Japanese in every language.
    own = {
        key: text
        for key, text in words.own(language.file).items()
        if not key.endswith((".red", ".green", ".yellow", ".back_key"))
    }
    letters = {letter for key, text in own.items() if ".language" not in key and ".blue" not in key for letter in text}
    missing = [letter for letter in sorted(letters) if letter.isprintable() and not font.supportsCharacter(ord(letter))]
    assert not missing, "".join(missing)


def _letters() -> set[str]:
    told = tomllib.loads((WORDS / "ja.toml").read_text("utf-8"))
    texts = "".join(text for section in told.values() for text in section.values())
    drawn = "".join(scene.code(path) for path in UI.rglob("*.qml"))
    return {letter for letter in texts + drawn + NAMES + MARKS if letter.isprintable()}


@pytest.mark.skipif(not Path("/usr/share/fonts/truetype/dejavu").is_dir(), reason="needs fontconfig and DejaVu")
def test_a_system_without_the_font_says_so_in_latin_letters(tmp_path: Path) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(DEJAVU_ONLY.format(cache=tmp_path / "cache"), "utf-8")
    picture = tmp_path / "no_font.png"
    child = subprocess.run(
        [sys.executable, "-c", WITHOUT_FONT, str(picture)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "FONTCONFIG_FILE": str(config), "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    assert child.returncode == 0, child.stderr
    said = json.loads(child.stdout)
    assert said["there"] is False
    assert "No Japanese font is installed" in said["texts"]
    assert all(text.isascii() for text in said["texts"])
    assert picture.stat().st_size > 5000
