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
        (620, Action.BACK),  # 11
        (621, Action.OK),  # 12
        (631, Action.YELLOW),  # d
        (365, Action.YELLOW),  # 番組表
        (358, Action.YELLOW),  # 画面表示
        (402, Action.UP),  # チャンネル＋
        (403, Action.DOWN),
        (172, Action.RED),  # ホーム
        (618, Action.RED),
        (619, Action.GREEN),  # メニュー
        (139, Action.GREEN),
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
        ('up = { lirc = ["KEY_UP"] }', "lirc is none of"),
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


FAMILIES = ("japanese", "cec", "generic", "keyboard")


def test_the_families_are_all_in_remote_and_agree() -> None:
    assert {file.stem for file in keymap.KEYMAPS.glob("*.toml")} == {*FAMILIES, "remote"}
    for family in map(keymap.load, FAMILIES):
        for way in keymap.WAYS.values():
            assert getattr(family, way).items() <= getattr(REMOTE, way).items()


@pytest.mark.parametrize("family", ["japanese", "cec", "keyboard"])
def test_each_family_alone_has_a_key_for_every_action(family: str) -> None:
    assert set(keymap.load(family).by_evdev.values()) == set(Action)


def test_the_keys_of_bml() -> None:
    """Source: ARIB TR-B14 volume 2, table 5-5, by ux reference, section 2.4: every key of the table, 1 to 24."""
    arib = keymap.load("japanese").by_arib
    assert sorted(arib) == list(range(1, 25))
    assert [arib[code] for code in (1, 2, 3, 4)] == [Action.UP, Action.DOWN, Action.LEFT, Action.RIGHT]
    assert [arib[code].digit for code in range(5, 15)] == list(range(10))
    assert [arib[code] for code in (18, 19)] == [Action.OK, Action.BACK]
    assert [arib[code] for code in (21, 22, 23, 24)] == [Action.BLUE, Action.RED, Action.GREEN, Action.YELLOW]


KERNEL_CEC = {
    0x00: 352, 0x01: 103, 0x02: 108, 0x03: 105, 0x04: 106, 0x09: 618, 0x0A: 141, 0x0B: 139, 0x0D: 174, 0x10: 619,
    0x11: 438, 0x1E: 620, 0x1F: 621, **{0x20 + digit: 512 + digit for digit in range(10)}, 0x2B: 28, 0x2C: 355,
    0x35: 358, 0x36: 138, 0x4C: 158, 0x53: 365, 0x71: 401, 0x72: 398, 0x73: 399, 0x74: 400, 0x76: 631,
}  # fmt: skip
"""UI command -> evdev code. Source: Linux, drivers/media/rc/keymaps/rc-cec.c."""


def test_a_cec_command_means_what_the_kernels_key_for_it_means() -> None:
    cec = keymap.load("cec")
    assert {command: cec.by_evdev[code] for command, code in KERNEL_CEC.items()} == {
        command: action for command, action in cec.by_cec.items() if command != 0x91
    }
    assert cec.by_cec[0x91] is Action.BACK


def test_the_boxs_own_map_has_the_last_word_on_its_keys_only(tmp_path: Path) -> None:
    own = tmp_path / "keys.toml"
    own.write_text('ok = { evdev = [139] }\nblue = { qt = ["Escape"] }', "utf-8")
    merged = keymap.load("remote", own)
    assert merged.by_evdev[139] is Action.OK
    assert merged.by_qt_name["Escape"] is Action.BLUE
    assert merged.by_evdev[352] is Action.OK
    assert merged.own == {139}
    assert REMOTE.own == frozenset()
