"""The kiosk on a read-only root: what the unit names is all it writes to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.box import ROOT, Box, Systemd, program

NAMESPACE = ("--mount", "--propagation", "private")
ALL_ELSE_READ_ONLY = """
for each in $WRITTEN; do mount --bind "$each" "$each"; done
while read -r _ place _; do
    case " $WRITTEN /proc /sys /dev " in *" $place "*) continue ;; esac
    case "$place" in /proc/*|/sys/*|/dev/*) continue ;; esac
    mount -o remount,bind,ro "$place" || exit 90
done < /proc/self/mounts
exec "$@"
"""


@pytest.fixture
def read_only(box: Box) -> list[str]:
    """Put before a command. As root, or as a user who may make namespaces."""
    for more in ((), ("--map-root-user",)):
        if subprocess.run(["unshare", *more, *NAMESPACE, "true"], capture_output=True, check=False).returncode == 0:
            return ["unshare", *more, *NAMESPACE, "sh", "-c", ALL_ELSE_READ_ONLY, "sh"]
    raise AssertionError("this machine allows no mount namespaces, so a read-only root cannot be had")


def environment(box: Box) -> dict[str, str]:
    return box.environment | {"WRITTEN": " ".join(map(str, box.written)), "QT_QPA_PLATFORM": "offscreen"}


def test_everything_else_really_is_read_only(box: Box, read_only: list[str]) -> None:
    for folder, allowed in ((ROOT, False), (box.folder, False), (Path("/var/lib"), False), (box.state, True)):
        done = subprocess.run(
            [*read_only, "touch", f"{folder}/x"], env=environment(box), capture_output=True, check=False
        )
        assert (done.returncode == 0) is allowed, done.stderr


def test_the_kiosk_runs_on_a_read_only_root(box: Box, read_only: list[str], systemd: Systemd) -> None:
    kiosk = [sys.executable, "-m", "kiosk.cli", "kiosk", "--data", str(box.state), "--size", "1280x720", *box.settings]
    with program([*read_only, *kiosk], environment(box) | systemd.environment) as running:
        systemd.hears("READY=1")
        errors = running.end()
    assert "Read-only" not in errors, errors
    assert "Traceback" not in errors, errors
    files = sorted(str(path.relative_to(box.folder)) for folder in box.written for path in folder.rglob("*"))
    kept = [
        file for file in files if not file.startswith(("cache/", "run/")) and "-wal" not in file and "-shm" not in file
    ]
    assert kept == ["state/kiosk", "state/kiosk/counts.db"]
