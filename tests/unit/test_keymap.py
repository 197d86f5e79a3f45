"""Which key means what, for a remote control, for HDMI-CEC and for a keyboard standing in for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stb_profile import keymap
from stb_profile.keymap import Action

REMOTE = keymap.load("remote")


@pytest.mark.parametrize("action", Action, ids=lambda action: action.name)
def test_every_action_has_a_key_on_a_keyboard_and_on_a_remote(action: Action) -> None:
    assert action in REMOTE.by_qt_name.values()
    assert action in REMOTE.by_evdev.values()


@pytest.mark.parametrize(
    ("code", "action"),
    [
        (352, Action.OK),
        (158, Action.BACK),
        (398, Action.RED),
        (399, Action.GREEN),
        (400, Action.YELLOW),
        (401, Action.BLUE),
        (512, Action.DIGIT_0),
        (521, Action.DIGIT_9),
    ],
)
def test_what_qt_has_no_name_for(code: int, action: Action) -> None:
    """Source: linux/input-event-codes.h."""
    assert REMOTE.by_evdev[code] is action


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("F1", Action.BLUE),
        ("F2", Action.RED),
        ("F3", Action.GREEN),
        ("F4", Action.YELLOW),
        ("Escape", Action.BACK),
        ("Return", Action.OK),
        ("7", Action.DIGIT_7),
    ],
)
def test_a_keyboard_stands_in(key: str, action: Action) -> None:
    assert REMOTE.by_qt_name[key] is action


def test_digits_know_their_number() -> None:
    assert [action.digit for action in Action if action.digit is not None] == list(range(10))
    assert Action.OK.digit is None


def test_only_arrows_repeat() -> None:
    assert {action for action in Action if action.repeats} == {Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('jump = { qt = ["F9"] }', "jump"),
        ('up = { qt = ["Up"] }\ndown = { qt = ["Up"] }', "Up means up and down"),
        ("up = { evdev = [103] }\ndown = { evdev = [103] }", "evdev 103 means up and down"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, named: str) -> None:
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    monkeypatch.setattr(keymap, "KEYMAPS", tmp_path)
    with pytest.raises(ValueError, match=named):
        keymap.load("wrong")


def test_naming_a_key_twice_for_one_meaning_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "twice.toml").write_text('up = { qt = ["Up", "Up"] }', "utf-8")
    monkeypatch.setattr(keymap, "KEYMAPS", tmp_path)
    assert keymap.load("twice").by_qt_name == {"Up": Action.UP}
