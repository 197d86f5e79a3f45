"""A pcscd of the tests' own, with vpcd readers on ports of its own.

libpcsclite finds its service at one fixed place, so the test run lives in a mount namespace with its own /run/pcscd
(`script/test` makes it). Where another pcscd answers there, nothing is started.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from smartcard import scard

VPCD = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
START_S = 10.0

_READER_FILE = """FRIENDLYNAME "{name}"
DEVICENAME /dev/null:{port:#06X}
LIBPATH {library}
CHANNELID {port:#06X}
"""


class PrivatePcscd:
    """pcscd with one vpcd, which is two slots: two readers named `name`, at two neighbouring ports.

    Leaving its `with` block stops it if it runs.
    """

    def __init__(self, directory: Path, name: str = "Test reader") -> None:
        self._port = _two_free_ports()
        self._name = name
        self._config = directory / "readers"
        self._config.mkdir()
        self._log = directory / "pcscd.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.attach()

    @property
    def readers(self) -> list[str]:
        """The names of slot 0 and slot 1."""
        return [f"{self._name} 00 00", f"{self._name} 00 01"]

    @property
    def vpcd(self) -> str:
        """Where a card for slot 0 connects to: host:port."""
        return f"127.0.0.1:{self._port}"

    def slot(self, number: int) -> int:
        """The port a card for that slot connects to."""
        return self._port + number

    def start(self) -> None:
        """Start, and return when clients see the readers."""
        reason = why_not()
        if reason is not None:
            pytest.skip(reason)
        with self._log.open("ab") as log:
            command = ["pcscd", "--foreground", "--info", "--config", str(self._config)]
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        expected = self.readers if any(self._config.iterdir()) else []
        _wait_for(expected, self._log)

    def stop(self) -> None:
        """End it as a system does. Fails when it had ended by itself before."""
        if self._process is not None:
            process, self._process = self._process, None
            ended = process.poll()
            process.terminate()
            process.wait(START_S)
            assert ended is None, f"pcscd ended with {ended}\n{self._log.read_text()}"

    def kill(self) -> None:
        """End it without a chance to clean up: its socket stays."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.wait(START_S)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """While the block runs it is there and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def attach(self) -> None:
        """Have the readers from the next start on; while it runs, pcscd neither adds nor removes any of this kind."""
        text = _READER_FILE.format(name=self._name, port=self._port, library=VPCD)
        (self._config / "vpcd").write_text(text)

    def detach(self) -> None:
        """Have no readers from the next start on."""
        (self._config / "vpcd").unlink()

    def __enter__(self) -> PrivatePcscd:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def why_not() -> str | None:
    """Why no pcscd can be started here, in a sentence, or None."""
    if not VPCD.exists():
        return "vsmartcard-vpcd is not installed"
    if os.geteuid() != 0:
        return "pcscd needs root"
    if _seen() is not None:
        return "another pcscd answers here: script/test gives the tests a /run/pcscd of their own"
    return None


def _wait_for(readers: list[str], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while _seen() != readers:
        assert time.monotonic() < deadline, f"pcscd shows {_seen()}\n{log.read_text()}"
        time.sleep(0.02)


def _seen() -> list[str] | None:
    """The readers a client sees, None without a service."""
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        return None
    try:
        return list(scard.SCardListReaders(context, [])[1])
    finally:
        scard.SCardReleaseContext(context)


def _two_free_ports() -> int:
    """A port that is free now, and the next one too.

    Below the range the system gives to clients: a card that tries again and again to reach such a port would one day
    be connected to itself.
    """
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("", port))
                second.bind(("", port + 1))
            except OSError:
                continue
            return port
