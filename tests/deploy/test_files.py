"""Units, rules and tables of `stb_profile/deploy`: each judged by the program that will read it, or by its rules."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from PySide6.QtQml import QJSEngine

from kiosk.keys_command import PLACE
from stb_profile import keymap
from stb_profile.keymap import Action
from tests.deploy.box import DEPLOY, ROOT

UNIT = DEPLOY / "systemd" / "madoguchi-kiosk.service"
HWDB = DEPLOY / "hwdb" / "70-madoguchi-remote.hwdb"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=30)


def setting(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("image")
    done = run(DEPLOY / "install", "--root", root)
    assert done.returncode == 0, done.stderr
    return root


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace("/opt/madoguchi", str(ROOT)), "utf-8")
    done = run("systemd-analyze", "verify", "--man=no", copy)
    ours = [line for line in done.stderr.splitlines() if UNIT.name in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_systemd_finds_a_wrong_line(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text("utf-8").replace("Type=notify", "Type=telepathy"), "utf-8")
    assert "telepathy" in run("systemd-analyze", "verify", "--man=no", copy).stderr


def test_the_unit_starts_what_is_installed(installed: Path) -> None:
    (start,) = setting("ExecStart")
    assert (installed / start.lstrip("/")).samefile(DEPLOY / "launch")
    (settings,) = setting("EnvironmentFile")
    assert (installed / settings.lstrip("/")).is_file()
    assert str(PLACE) in (DEPLOY / "launch").read_text("utf-8")


def test_a_second_install_keeps_the_boxs_settings(installed: Path) -> None:
    settings = installed / "etc/madoguchi/kiosk.env"
    settings.write_text("MADOGUCHI_PROFILE=counter\n")
    assert run(DEPLOY / "install", "--root", installed).returncode == 0
    assert settings.read_text() == "MADOGUCHI_PROFILE=counter\n"


def test_settings_are_those_that_launch_reads() -> None:
    given = set(re.findall(r"^(MADOGUCHI_\w+)=", (DEPLOY / "kiosk.env").read_text("utf-8"), re.MULTILINE))
    read = set(re.findall(r"\$\{?(MADOGUCHI_\w+)", (DEPLOY / "launch").read_text("utf-8")))
    assert given == read - {"MADOGUCHI_KEYS"}


def test_the_watchdog_leaves_the_supervisor_its_time() -> None:
    from kiosk import process

    assert float(setting("WatchdogSec")[0]) > 2 * process.SILENCE_S
    assert setting("NotifyAccess") == ["all"], "the supervisor speaks for the compositor, the main process"


def test_the_user_and_its_folders_are_made(tmp_path: Path, installed: Path) -> None:
    done = run("systemd-sysusers", f"--root={installed}")
    assert done.returncode == 0, done.stderr
    assert "madoguchi:" in (installed / "etc/passwd").read_text("utf-8")
    done = run("systemd-tmpfiles", f"--root={installed}", "--create", "madoguchi.conf")
    assert done.returncode == 0, done.stderr
    for folder in ("var/lib/madoguchi", "var/cache/madoguchi"):
        assert (installed / folder).stat().st_mode & 0o777 == 0o700
    assert setting("StateDirectory") == setting("CacheDirectory") == setting("User") == ["madoguchi"]


@pytest.mark.parametrize(
    ("action", "user", "answer"),
    [
        ("org.debian.pcsc-lite.access_pcsc", "madoguchi", "yes"),
        ("org.debian.pcsc-lite.access_card", "madoguchi", "yes"),
        ("org.debian.pcsc-lite.access_card", "guest", "undefined"),
        ("org.freedesktop.login1.power-off", "madoguchi", "undefined"),
    ],
)
def test_polkit_lets_the_kiosk_use_cards_and_nothing_else(qapp: object, action: str, user: str, answer: str) -> None:
    engine, rules = QJSEngine(), (DEPLOY / "polkit" / "50-madoguchi.rules").read_text("utf-8")
    engine.evaluate("var rule; var polkit = {Result: {YES: 'yes'}, addRule: function (made) { rule = made; }};")
    assert not engine.evaluate(rules).isError()
    assert engine.evaluate(f"rule({{id: '{action}'}}, {{user: '{user}'}})").toString() == answer


def test_udev_rules_are_well_formed() -> None:
    """A key with an operator and a quoted value, separated by commas; a rule matches before it assigns."""
    pair = re.compile(r'([A-Z]+)(\{[\w/]+\})?(==|!=|=|\+=|:=)"[^"]*"')
    lines = (DEPLOY / "udev" / "70-madoguchi.rules").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules
    for rule in rules:
        found = [pair.fullmatch(part) for part in rule.split(", ")]
        assert all(found), rule
        operators = [match[3] in ("==", "!=") for match in found if match]
        assert operators == sorted(operators, reverse=True), rule
        assert not operators[-1], rule


def test_hwdb_compiles_and_answers(tmp_path: Path) -> None:
    folder = tmp_path / "etc/udev/hwdb.d"
    folder.mkdir(parents=True)
    (folder / HWDB.name).write_bytes(HWDB.read_bytes())
    done = run("systemd-hwdb", "--strict", f"--root={tmp_path}", "update")
    assert done.returncode == 0, done.stderr
    answer = run("systemd-hwdb", f"--root={tmp_path}", "query", "evdev:input:b001Ev0000p0000e0001-e0,1").stdout
    assert "KEYBOARD_KEY_00=enter" in answer
    assert "KEYBOARD_KEY_c0041" not in answer
    assert (
        "KEYBOARD_KEY_c0041=enter"
        in run("systemd-hwdb", f"--root={tmp_path}", "query", "evdev:input:b0003v046Dp0000e0001").stdout
    )


UDEV_NAMES = {"enter": 28, "esc": 1, "backspace": 14, "up": 103, "down": 108, **{f"f{n}": 58 + n for n in range(1, 6)},
              **{str(n % 10): 1 + n for n in range(1, 11)}}  # fmt: skip
"""udev's names of keys, and their evdev codes. Source: linux/input-event-codes.h."""
HID = {0x41: Action.OK, 0x60: Action.YELLOW, 0x69: Action.RED, 0x6A: Action.GREEN, 0x6B: Action.BLUE,
       0x6C: Action.YELLOW, 0x9C: Action.UP, 0x9D: Action.DOWN}  # fmt: skip
"""Usage of the HID consumer page -> what the kernel's key for it means. Source: Linux, drivers/hid/hid-input.c."""


def test_a_remapped_key_means_the_same_as_before_and_reaches_x11() -> None:
    cec, remote = keymap.load("cec"), keymap.load("remote")
    found = re.findall(r"^ KEYBOARD_KEY_(c00)?([0-9a-f]{2})=(\w+)$", HWDB.read_text("utf-8"), re.MULTILINE)
    assert len(found) == HWDB.read_text("utf-8").count("KEYBOARD_KEY_")
    for page, scan, name in found:
        before = (
            HID[int(scan, 16)] if page else cec.by_cec.get(int(scan, 16), remote.by_evdev.get(CHANNELS.get(scan, -1)))
        )
        assert remote.by_evdev[UDEV_NAMES[name]] is before, scan
        assert UDEV_NAMES[name] <= 247


CHANNELS = {"30": 402, "31": 403}
"""CEC's channel keys, which only the kernel's names are kept for."""


def test_every_cec_key_x11_would_drop_is_remapped() -> None:
    from tests.unit.test_keymap import KERNEL_CEC

    lost = {command for command, code in KERNEL_CEC.items() if code > 247}
    assert lost <= {int(scan, 16) for scan in re.findall(r"KEY_([0-9a-f]{2})=", HWDB.read_text("utf-8"))}


def test_shell_scripts_are_sound() -> None:
    done = run("shellcheck", DEPLOY / "launch", DEPLOY / "install")
    assert done.returncode == 0, done.stdout
