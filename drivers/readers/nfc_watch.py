"""What happens at one reader of nfcpy, from look to look. Everything here runs on the reader's own thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from drivers.errors import CardGone, NoReader, ReaderFault
from drivers.readers import CardSteady, CardWobbles, ReaderEvent
from drivers.readers.nfc_antenna import Antenna
from drivers.readers.seen import Seen
from drivers.readers.wobble import MANY, Wobble

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 4.0
"""Between two attempts to open the reader."""

_LISTEN_AGAIN_S = 0.05
"""Between two attempts to power a card that is away for a moment."""


class Watch:
    """One reader: opens it as often as needed, tells the events, and gives its card to one user at a time."""

    def __init__(self, path: str) -> None:
        """`path` is nfcpy's, and the reader's name."""
        self.tell: Callable[[ReaderEvent], object] | None = None
        """Who is told, from now on; it raises RuntimeError when nobody listens any more."""
        self._path = path
        self._antenna = Antenna(path)
        self._seen = Seen()
        self._wobble = Wobble()
        self._said_it_wobbles = False
        self._pause_s = _FIRST_PAUSE_S
        self._open_at = 0.0

    def look(self) -> None:
        """Look once and tell what has changed. Never raises."""
        if not self._antenna.is_open and monotonic() < self._open_at:
            return
        try:
            with self._reader():
                began = monotonic()  # a card that has gone does so before it is found silent
                self._note(self._antenna.hears(), began)
        except ReaderFault as exc:
            _log.debug("no reader: %r", exc)
        except Exception:  # noqa: BLE001 - edge of the thread: no kiosk may lose its reader for good, nor in silence
            _log.exception("looking at the reader failed")

    def power(self) -> None:
        """Power the card; wait for one that is away for a moment. Raises NoReader, CardGone, CardMute."""
        with self._reader():
            while True:
                try:
                    self._antenna.power()
                    self._note(True, monotonic())
                    return
                except CardGone:
                    if self._note(False, monotonic()) is None:
                        raise
                    sleep(_LISTEN_AGAIN_S)

    def transmit(self, apdu: bytearray, deadline_s: float) -> bytes:
        """See `Antenna.transmit`. Wipes `apdu`."""
        with self._reader():
            try:
                return self._antenna.transmit(apdu, deadline_s)
            except CardGone:
                self._note(False, monotonic())
                raise
            finally:
                apdu[:] = bytes(len(apdu))

    def cut(self) -> None:
        """See `Antenna.cut`. For any thread."""
        self._antenna.cut()

    def release(self) -> None:
        """Take the card's power. Raises ReaderFault."""
        if self._antenna.is_open:
            with self._reader():
                self._antenna.release()

    def close(self) -> None:
        self._antenna.close()

    @contextmanager
    def _reader(self) -> Iterator[None]:
        """Have the reader open; when it fails, let it go until it is time to try again."""
        try:
            if not self._antenna.is_open:
                self._antenna.open()
                self._pause_s = _FIRST_PAUSE_S
            yield
        except ReaderFault as exc:
            self._antenna.close()
            self._open_at = monotonic() + self._pause_s
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
            self._wobble = Wobble()
            self._said_it_wobbles = False
            self._report(self._seen.readers({}))
            raise NoReader(self._path) from exc

    def _note(self, heard: bool, now: float) -> int | None:
        """Take in whether the card was heard; return the number of its insertion while it counts as lying there."""
        before = self._wobble.in_a_row
        insertion = self._wobble.look(heard, now)
        self._report(self._seen.readers({self._path: insertion}))
        if self._wobble.in_a_row > before and self._wobble.in_a_row % MANY == 0:
            self._said_it_wobbles = True
            self._report(iter((CardWobbles(self._path),)))
        elif self._said_it_wobbles and not self._wobble.in_a_row:
            self._said_it_wobbles = False
            if insertion is not None:
                self._report(iter((CardSteady(self._path),)))
        return insertion

    def _report(self, events: Iterator[ReaderEvent]) -> None:
        if self.tell is None:
            return  # and what there is to tell is told to the first who listens
        for event in events:
            try:
                self.tell(event)
            except RuntimeError:
                self.tell = None
                return
