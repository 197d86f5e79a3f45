"""The kiosk under real compositors without a screen: cage as on the box, sway and weston; each with another profile."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from PySide6.QtGui import QImage

from tests.deploy.box import DEPLOY, PATIENCE_S, Box, Systemd, kiosk_app, program
from tests.deploy.wayland import VirtualKeyboard

HEADLESS = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
AS_A_USER = ["unshare", "--user", "--map-user=1000"]
"""wlroots' compositors refuse to run as root."""
OK, YELLOW = 352, 400
SHOWN = '"said": "screen"'


def on_wayland(box: Box, **more: str) -> dict[str, str]:
    return box.environment | HEADLESS | {"QT_QPA_PLATFORM": "wayland", **more}


def display(box: Box) -> Path:
    """The compositor's socket, once it is there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := [path for path in box.runtime.glob("wayland-*") if path.suffix != ".lock"]:
            return found[0]
    raise AssertionError("no compositor came up")


def colours(picture: Path) -> int:
    image = QImage(str(picture))
    assert not image.isNull()
    points = [(x, y) for x in range(0, image.width(), 16) for y in range(0, image.height(), 16)]
    return len({image.pixel(x, y) for x, y in points})


def wait_for_picture(environment: dict[str, str], file: Path) -> None:
    """Until the compositor shows something that is not one colour: it takes a frame of its own after the window's."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        subprocess.run(["grim", str(file)], env=environment, check=True, timeout=PATIENCE_S)
        if colours(file) > 8:
            return
    raise AssertionError("a black or blank screen")


def test_the_box_as_its_unit_starts_it(box: Box, systemd: Systemd) -> None:
    """launch, cage, supervisor, kiosk: ready with the first picture, which the compositor really shows; then pings."""
    environment = on_wayland(box, **systemd.environment, MADOGUCHI_PROFILE="stb")
    # Not the size of the screen: of a window that fills it, handed straight to the output, no picture can be taken.
    with program([*AS_A_USER, str(DEPLOY / "launch"), "--size", "1000x600"], environment):
        systemd.hears("READY=1")
        wait_for_picture(environment | {"WAYLAND_DISPLAY": display(box).name}, box.tmp / "screen.png")
        systemd.hears("WATCHDOG=1")
    assert (box.state / "kiosk" / "counts.db").exists()


def test_keys_that_x11_drops_arrive_natively(box: Box) -> None:
    """決定 is 352, which Qt has no name for, and 黄 is 400; X11 has neither. (cage takes no such keyboard.)"""
    (box.folder / "sway").write_text("xwayland disable\n")
    with program([*AS_A_USER, "sway", "-c", str(box.folder / "sway")], on_wayland(box)):
        shown = display(box)
        keyboard = VirtualKeyboard(shown)
        environment = on_wayland(box, WAYLAND_DISPLAY=shown.name)
        with program(kiosk_app(box, "--profile", "hospital"), environment) as kiosk:
            kiosk.says('"name": "E-22"')  # no card service here; the help lies over it
            keyboard.press(YELLOW)
            kiosk.says('"name": "help"')
            keyboard.press(OK)
            kiosk.says('"name": "E-22"', times=2)
            wait_for_picture(environment, box.tmp / "screen.png")
        keyboard.close()


def test_under_weston(box: Box) -> None:
    shell = ["--backend=headless-backend.so", "--use-pixman", "--width=1920", "--height=1080"]
    with program(["weston", *shell, "--socket=wayland-7", "--idle-time=0"], box.environment):
        environment = on_wayland(box, WAYLAND_DISPLAY=display(box).name)
        with program(kiosk_app(box, "--profile", "counter", "--driven"), environment) as kiosk:
            kiosk.says('"name": "E-22"')
            kiosk.order(f'{{"do": "grab", "path": "{box.tmp / "screen.png"}"}}')
            kiosk.says('"said": "done"')
    image = QImage(str(box.tmp / "screen.png"))
    assert (image.width(), image.height()) == (1920, 1080), "the kiosk follows the screen's size"
    assert colours(box.tmp / "screen.png") > 8
