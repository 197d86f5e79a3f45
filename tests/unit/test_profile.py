"""The profiles there are, and that a wrong file is named and not half believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from stb_profile import keymap, profile

GOOD = """
entry = "my_portal"
menu = ["notices"]
theme = "dark"
pointer = false
keymap = "remote"
body_px = 40
idle_s = 300
warning_s = 60
pin_idle_s = 120
farewell_s = 8
place = "ここ"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(profile, "PROFILES", tmp_path)
    return tmp_path


def test_all_three_audiences_have_one() -> None:
    assert profile.names() == ["counter", "hospital", "stb"]


@pytest.mark.parametrize("name", profile.names())
def test_each_profile_keeps_the_rules(name: str) -> None:
    """Source: ux reference, sections 2.2, 3.4 and 7.1."""
    loaded = profile.load(name)
    assert loaded.name == name
    assert loaded.theme in ("dark", "light")
    assert loaded.body_px >= (34 if loaded.pointer else 40)
    assert loaded.warning_s >= 20
    assert loaded.idle_s > loaded.warning_s
    assert len(loaded.menu) <= 8
    assert keymap.load(loaded.keymap).by_qt_name


def test_a_profile_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(FileNotFoundError, match="no profile tv; there are counter, hospital, stb"):
        profile.load("tv")


def test_a_good_file(folder: Path) -> None:
    (folder / "mine.toml").write_text(GOOD, "utf-8")
    assert profile.load("mine").menu == ("notices",)


@pytest.mark.parametrize(
    ("text", "named"), [(GOOD.replace("body_px = 40\n", ""), "body_px"), (GOOD + "colour = 'red'\n", "colour")]
)
def test_a_missing_or_unknown_key_is_named(folder: Path, text: str, named: str) -> None:
    (folder / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=f"mine.toml: .*{named}"):
        profile.load("mine")
