"""systemd's watchdog: told that the box serves, and again and again that it still does. Source: sd_notify(3).

What is told is only ever passed on from the kiosk process on the screen, which gives signs of life while its loop turns
and its window paints. A hanging process is replaced by the supervisor; when no process paints, or the supervisor itself
hangs, the pings end and systemd starts everything anew.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping

from kiosk.process import KioskProcess

log = logging.getLogger(__name__)


class Watchdog:
    """`take` is the supervisor's `on_screen`. Without $NOTIFY_SOCKET (not started by systemd) nothing is told."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # WATCHDOG_PID is not looked at: the unit's main process is the compositor, we speak for it (NotifyAccess=all).
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._ready = False

    def take(self, process: KioskProcess) -> None:
        """This process has the screen now: its signs of life count."""
        process.on_life = self._lives

    def _lives(self) -> None:
        self._tell("WATCHDOG=1" if self._ready else "READY=1\nSTATUS=The screen is up.")
        self._ready = True

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the zero byte of Linux's abstract sockets.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.setblocking(False)
                line.sendto(state.encode(), address)
        except OSError as exc:
            log.warning("systemd was not told %s: %s", state.partition("\n")[0], exc)
