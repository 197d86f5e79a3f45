"""The card service restarted again and again under a watch: how long until the card is seen again each time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from drivers.errors import ServiceCause
from drivers.readers import CardAway, CardHere, ReaderAway, ReaderHere, ServiceAway, ServiceHere
from tests.card.host.told import Told
from tests.pcsc import PrivatePcscd

SEEN_AGAIN_S = 5.0
"""A card must be seen so soon after its service is back."""


async def restart(pcscd: PrivatePcscd, told: Told, times: int) -> list[float]:
    """Restart it, every other time by force, with a card in the first reader; seconds from service to card, each time.

    Fails when an event is missing, when the card comes too late, or when a thread or an open file is left.
    """
    first, second = pcscd.readers
    away = CardAway(first), ReaderAway(first), ReaderAway(second), ServiceAway(ServiceCause.NOT_RUNNING)
    here = ServiceHere(), ReaderHere(first), ReaderHere(second), CardHere(first)
    before = threading.active_count(), _open_files()
    took = []
    for number in range(times):
        (pcscd.kill if number % 2 else pcscd.stop)()
        await told.hear(*away)
        pcscd.start()
        back = time.monotonic()
        await told.hear(*here, within_s=SEEN_AGAIN_S)
        took.append(time.monotonic() - back)
    # The card's own thread opens a socket for a moment whenever it tries its reader.
    assert threading.active_count() == before[0]
    assert _open_files() <= before[1] + 1
    return took


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
