"""nfcpy's calls for one reader, with its exceptions translated into errors named by meaning. Everything here may block.

One antenna belongs to one thread. Importing this module raises ImportError where nfcpy is missing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nfc.clf
import nfc.tag
import nfc.tag.tt4

from drivers.errors import BadAnswer, CardError, CardGone, CardMute, NoReader, ReaderFault

_log = logging.getLogger(__name__)

# nfcpy's log holds every APDU, PINs among them, from DEBUG on; and it warns of each card that is simply taken away.
logging.getLogger("nfc").setLevel(logging.CRITICAL)

_TYPE_B = "106B"
_SELECTIONS = 3
"""Attempts to select a card: nfcpy gives it 30 ms to agree, which a busy machine may miss."""

_QUESTIONS = 2
"""Attempts to ask a selected card whether it is still there: one lost frame says nothing."""

_FOREVER = float("inf")


class Antenna:
    """One reader, and the card that has power in it. After a ReaderFault, `close` and `open` it again."""

    def __init__(self, path: str) -> None:
        """`path` is nfcpy's: `usb:054c:06c3`, `udp:127.0.0.1:54321`."""
        self._path = path
        self._frontend = nfc.clf.ContactlessFrontend()
        self._line = _Line(self._frontend)
        self._card: Any = None
        self._loss: type[CardError] = CardGone
        self.is_open = False

    def open(self) -> None:
        """Raises NoReader, also when the system or another program does not let go of the device."""
        with self._edge():
            self.is_open = bool(self._frontend.open(self._path))
        if not self.is_open:
            raise NoReader(self._path)

    def close(self) -> None:
        """Give the device back, field off. Never raises."""
        self._card = None
        self.is_open = False
        try:
            with self._edge():
                self._frontend.close()
        except ReaderFault as exc:
            _log.info("closing %s: %r", self._path, exc)

    def hears(self) -> bool:
        """Whether a card is there: the one that has power still, or else any. Raises ReaderFault."""
        with self._edge():
            if self._card is None or self._line.is_cut:
                self._card = None
                return self._sense() is not None
            if not any(self._card.is_present for _ in range(_QUESTIONS)):
                self._card = None
            return self._card is not None

    def power(self) -> None:
        """Power the card and select it. Raises CardGone, CardMute, ReaderFault."""
        with self._edge():
            for _ in range(_SELECTIONS):
                target = self._sense()
                if target is None:
                    raise CardGone(self._path)
                self._line.is_cut = False
                self._card = nfc.tag.activate(self._line, target)
                if self._card is not None:
                    return
        raise CardMute("power")

    def transmit(self, apdu: bytearray, deadline_s: float) -> bytes:
        """Send one command of any length; return at least 2 bytes.

        Raises CardGone, CardMute, BadAnswer, ReaderFault. After any but BadAnswer the card is without power until the
        next `power`. A frame may be sent again, as ISO-DEP says; the card carries the command out once at most.
        """
        if self._card is None:
            raise self._loss(self._path)
        self._line.ends = time.monotonic() + deadline_s
        try:
            with self._edge():
                answer = bytes(self._card.transceive(apdu))
        except _Silence as exc:
            raise self._lose(self._why()) from exc
        except CardMute as exc:
            self._lose(exc)
            raise
        finally:
            self._line.ends = _FOREVER
        if len(answer) < 2:
            raise BadAnswer(f"answer of {len(answer)} bytes")
        return answer

    def release(self) -> None:
        """Take the card's power, so that it forgets what was verified. Raises ReaderFault."""
        self._card = None
        self._loss = CardGone
        with self._edge():
            self._frontend.sense()

    def cut(self) -> None:
        """Let the card be used no more until the next `power`, also by a call under way. For any thread."""
        self._line.is_cut = True

    def _sense(self) -> Any:
        """Switch the field off and on; return what answers."""
        return self._frontend.sense(nfc.clf.RemoteTarget(_TYPE_B))

    def _why(self) -> CardError:
        """Why a selected card does not answer.

        A selected card takes no notice of the question who is there. One that answers it has lost its power, so it
        was lifted and put back; one that answers only after the field was off had been struck dumb.
        """
        with self._edge():
            if self._frontend.device.sense_ttb(nfc.clf.RemoteTarget(_TYPE_B)) is not None:
                return CardGone(self._path)
            return CardGone(self._path) if self._sense() is None else CardMute("transmit: no answer")

    def _lose(self, error: CardError) -> CardError:
        self._card = None
        self._loss = type(error)
        return error

    @contextmanager
    def _edge(self) -> Iterator[None]:
        """Translate what comes out of nfcpy. Raises _Silence, ReaderFault."""
        try:
            yield
        except (CardError, _Silence):
            raise
        except (nfc.clf.CommunicationError, nfc.tag.TagCommandError) as exc:
            raise _Silence(self._path) from exc
        except Exception as exc:  # edge: a failing device lets IOError, libusb's own errors and TypeError out
            raise ReaderFault(f"{self._path}: {exc!r}") from exc


class _Silence(Exception):
    """The card did not answer, or not in frames that make sense, however often it was asked."""


class _Line:
    """nfcpy's front end as a card uses it, but with an end: a card could ask for more time without end."""

    def __init__(self, frontend: Any) -> None:
        self._frontend = frontend
        self.ends = _FOREVER
        self.is_cut = False

    @property
    def max_send_data_size(self) -> int:
        return int(self._frontend.max_send_data_size)

    @property
    def max_recv_data_size(self) -> int:
        return int(self._frontend.max_recv_data_size)

    def exchange(self, frame: bytes, timeout: float) -> bytes:
        left_s = self.ends - time.monotonic()
        if self.is_cut or left_s <= 0:
            raise CardMute("transmit: too late")
        answer = self._frontend.exchange(frame, min(timeout, left_s))
        if not answer:
            raise nfc.clf.TransmissionError("empty frame")
        return bytes(answer)
