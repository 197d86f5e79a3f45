"""The status thread: one blocking loop that follows every reader, and the service itself, for as long as it lives.

pyscard's own monitors end silently when the service restarts (style reference, section 4, pain 1); this one makes
its context again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from drivers.errors import CardError, NoReader, ServiceCause, ServiceDown
from drivers.readers import ReaderEvent
from drivers.readers.scard import UNAWARE, Context, insertion
from drivers.readers.seen import Seen
from drivers.readers.worker import Worker

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0
"""Between two attempts to reach the service: a card must be seen within 5 s of its return."""

_LOOK_AGAIN_S = 5.0
"""The longest wait without a fresh list of readers: pcsc-lite 1.9.9 says nothing of a reader that came between the
list and the wait."""

_CANCEL_AGAIN_S = 0.05
"""pcsc-lite forgets a cancel that comes between two waits."""


class Watch:
    """Follows all readers on a thread of its own and tells each event, in order, to `tell` on that thread.

    `tell` raises RuntimeError when nobody listens any more (asyncio's word for a closed loop); the thread ends then.
    """

    def __init__(self, tell: Callable[[ReaderEvent], object]) -> None:
        self._tell = tell
        self._seen = Seen()
        self._context: Context | None = None
        self._context_lock = threading.Lock()
        self._stopping = threading.Event()
        self._pause_s = _FIRST_PAUSE_S
        self._refused = False
        self._thread = threading.Thread(target=self._run, name="reader watch", daemon=True)
        self._thread.start()

    async def stop(self, patience_s: float) -> None:
        """End the thread; leave it behind when a call into the service hangs for `patience_s`."""
        self._stopping.set()
        # On a thread too: a cancel is itself a call into the service.
        worker = Worker("reader watch stop")
        worker.end(self._cancel_until_ended)
        await worker.ended(patience_s)

    def _cancel_until_ended(self) -> None:
        while self._thread.is_alive():
            with self._context_lock:
                if self._context is not None:
                    self._context.cancel()
            self._thread.join(_CANCEL_AGAIN_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            cause = self._follow_until_it_fails()
            if self._stopping.is_set():
                return
            # pcscd refuses its last clients while it ends, so that one refusal is no lack of authorisation yet.
            certain = cause is ServiceCause.NOT_RUNNING or self._refused
            self._report(self._seen.service_away(cause) if certain else self._seen.readers({}))
            self._refused = cause is ServiceCause.NOT_AUTHORISED
            self._stopping.wait(self._pause_s)
            self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)

    def _follow_until_it_fails(self) -> ServiceCause:
        try:
            self._follow()
        except ServiceDown as exc:
            return exc.cause
        except CardError as exc:
            _log.info("the readers cannot be followed: %r", exc)
        except Exception:  # noqa: BLE001 - edge of the thread: a kiosk must not lose its readers in silence
            _log.exception("following the readers failed")
        return ServiceCause.NOT_RUNNING

    def _follow(self) -> None:
        """Follow the readers on one context until stopped. Raises CardError when the context is of no use any more."""
        self._context = context = Context()
        try:
            known: dict[str, int] = {}
            while not self._stopping.is_set():
                known = self._look(context, known)
        finally:
            with self._context_lock:
                self._context = None
                context.release()

    def _look(self, context: Context, known: dict[str, int]) -> dict[str, int]:
        """Report what differs from the last look, wait for the next change, return the state words then."""
        known = {reader: known.get(reader, UNAWARE) for reader in context.readers()}
        self._pause_s, self._refused = _FIRST_PAUSE_S, False
        self._report(self._seen.service_here())
        self._report(self._seen.readers({reader: insertion(state) for reader, state in known.items()}))
        try:
            return context.wait(known, _LOOK_AGAIN_S)
        except NoReader:  # it left after the list was made
            self._stopping.wait(_FIRST_PAUSE_S)
            return known

    def _report(self, events: Iterable[ReaderEvent]) -> None:
        for event in events:
            try:
                self._tell(event)
            except RuntimeError:
                self._stopping.set()
