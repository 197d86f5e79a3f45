"""Waiting for the threads of the card layer to end."""

from __future__ import annotations

import threading

from tests.card.host.told import DEADLINE_S


def end_of_card_threads() -> None:
    """Wait until no thread of a connection is left, nor one that stops a watch, which ends after the watch itself."""
    for thread in threading.enumerate():
        if thread.name.startswith(("card in", "reader watch stop")):
            thread.join(DEADLINE_S)
            assert not thread.is_alive()
