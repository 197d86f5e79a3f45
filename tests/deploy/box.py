"""A box for a test: where systemd would listen, whom the kiosk trusts, and programs that are ended in the end."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "stb_profile" / "deploy"
PATIENCE_S = 30.0


class Systemd:
    """The listening end of $NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "90000000"}

    def hears(self, part: str) -> None:
        """Wait until a message holds `part`."""
        deadline = time.monotonic() + PATIENCE_S
        heard: list[str] = []
        while not any(part in each for each in heard):
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            heard.append(self._socket.recv(4096).decode())

    def has_heard(self) -> list[str]:
        """Everything that waits to be read."""
        heard = []
        while select.select([self._socket], [], [], 0)[0]:
            heard.append(self._socket.recv(4096).decode())
        return heard

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True, slots=True)
class Box:
    """Its folders; what the unit lets the kiosk write to, and nothing else."""

    folder: Path

    @property
    def written(self) -> list[Path]:
        return [self.state, self.cache, self.runtime, self.tmp]

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def runtime(self) -> Path:
        return self.folder / "run"

    @property
    def tmp(self) -> Path:
        return self.folder / "tmp"

    @property
    def environment(self) -> dict[str, str]:
        """As unit and kiosk.env make it."""
        return os.environ | {
            "STATE_DIRECTORY": str(self.state),
            "RUNTIME_DIRECTORY": str(self.runtime),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CACHE_HOME": str(self.cache),
            "TMPDIR": str(self.tmp),
            "HOME": str(self.state),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QML_DISABLE_DISK_CACHE": "1",
            "MADOGUCHI_BACKEND": "https://localhost:1",
            "MADOGUCHI_CA": str(self.folder / "ca.pem"),
            "MADOGUCHI_READER": f"direct:{self.folder / 'no-cards'}",
        }

    @property
    def settings(self) -> list[str]:
        """The same as options of the kiosk."""
        environment = self.environment
        return [
            *("--backend", environment["MADOGUCHI_BACKEND"]),
            *("--ca", environment["MADOGUCHI_CA"]),
            *("--reader", environment["MADOGUCHI_READER"]),
        ]


def make_box(folder: Path) -> Box:
    box = Box(folder)
    for each in box.written:
        each.mkdir(mode=0o700)
    (folder / "ca.pem").write_bytes(_authority())
    return box


class Program:
    """A running program whose standard output is read. Ended by SIGTERM to all it started, as systemd ends a unit."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._child = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._child.stdout is not None
        os.set_blocking(self._child.stdout.fileno(), False)
        self.said = ""
        self._ended: str | None = None

    @property
    def pid(self) -> int:
        return self._child.pid

    def order(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{line}\n".encode())
        self._child.stdin.flush()

    def says(self, part: str, times: int = 1) -> None:
        """Wait until its output holds `part` so many times."""
        assert self._child.stdout is not None
        deadline = time.monotonic() + PATIENCE_S
        while self.said.count(part) < times:
            ready, _, _ = select.select([self._child.stdout], [], [], max(0.0, deadline - time.monotonic()))
            new = (self._child.stdout.read() or b"").decode() if ready else ""
            assert new, f"{part!r} never came: {self.said}\n{self.end()}"
            self.said += new

    def end(self) -> str:
        """Terminate it and return what it said on standard error."""
        if self._ended is None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGTERM)
            _, errors = self._child.communicate(timeout=PATIENCE_S)
            self._ended = errors.decode()
        return self._ended


@contextmanager
def program(command: list[str], environment: dict[str, str]) -> Iterator[Program]:
    started = Program(command, environment)
    try:
        yield started
    finally:
        started.end()


def kiosk_app(box: Box, *options: str) -> list[str]:
    """One kiosk process without a supervisor, which reports on standard output."""
    return [sys.executable, "-m", "kiosk.app", *box.settings, "--show", *options]


def _authority() -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Madoguchi test authority")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
