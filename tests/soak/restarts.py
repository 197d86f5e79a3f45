"""The card service restarted N times (100 unless said), half of them by force; one line of JSON tells the worst."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from drivers.errors import ServiceCause
from drivers.readers import CardHere, ReaderHere, ServiceAway, ServiceHere
from drivers.readers.pcsc import PcscReaders
from tests.card.host.restarts import SEEN_AGAIN_S, restart
from tests.card.host.told import listening
from tests.card.host.vpcd_card import VpcdCard
from tests.pcsc import PrivatePcscd, why_not


async def soak(times: int, directory: Path) -> list[float]:
    readers = PcscReaders()
    with PrivatePcscd(directory) as pcscd:
        async with listening(readers) as told:
            await told.hear(ServiceAway(ServiceCause.NOT_RUNNING))
            pcscd.start()
            await told.hear(ServiceHere(), *map(ReaderHere, pcscd.readers))
            with VpcdCard(pcscd.slot(0)):
                await told.hear(CardHere(pcscd.readers[0]))
                took = await restart(pcscd, told, times)
            await readers.close()
    return took


def main() -> None:
    if reason := why_not():
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as directory:
        took = sorted(asyncio.run(soak(int(sys.argv[1]) if len(sys.argv) > 1 else 100, Path(directory))))
    result = {"restarts": len(took), "worst_s": took[-1], "median_s": took[len(took) // 2], "goal_s": SEEN_AGAIN_S}
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in result.items()}) + "\n")


if __name__ == "__main__":
    main()
