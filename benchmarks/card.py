"""Four jobs on the card, ours beside OpenSC's tools, on the same software card behind the same pcscd.

Once with no more time than the software card needs, and once with the time of a real card at 106 kbit/s (its timing
model). Card time is how long the card has to be there, as the card sees it: from the first command's arrival to the
last answer's departure, nobody typing. The own share is what of a sign-in, from connecting to the signature, is not the
modelled card's and reader's time.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Literal

from benchmarks._card_jobs import MESSAGE, Job, Ours, jobs, sign_in
from benchmarks._report import count, report
from drivers.readers import DEADLINE_S, CardConnection, CardHere, PinPad, service
from drivers.readers.pcsc import PcscReaders
from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox, TraceTotals
from drivers.software_card.timing import Timing
from kiosk.programs import Program

GOAL = 0.4
"""Of OpenSC's, where the job is one of OpenSC's own."""
GOAL_BY_HAND = 1.0
"""Of the same files fetched without any search for the card's kind and with no command repeated."""
OWN_SHARE = 0.05
RATE: Literal[106] = 106
RUNS = 3
VPCD = "127.0.0.1:35963"


def main() -> None:
    found = service.find_or_start()
    if found is None or not found.has_virtual_reader:
        sys.exit("this benchmark needs pcscd and vsmartcard-vpcd")
    try:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            make_blank(data, "adult")
            subprocess.run([sys.executable, "-m", "backend_stub", "issue", "--data", folder], check=True)
            (data / "message").write_bytes(MESSAGE)
            asyncio.run(_measure(data))
    finally:
        found.stop()


async def _measure(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data), "--vpcd", VPCD)
    try:
        box = CardBox(data)
        for rate in (None, RATE):
            await asyncio.to_thread(box.timing, rate)
            for job in jobs(data):
                await _compare(box, data, job, rate)
        shares = [await _own_share(box) for _ in range(2 * RUNS)]
    finally:
        await card.stop()
    count("card.sign_in.own_share", round(median(shares), 4), OWN_SHARE)


async def _compare(box: CardBox, data: Path, job: Job, rate: int | None) -> None:
    ours = [await _ours(box, job.ours) for _ in range(RUNS)]
    theirs = [await asyncio.to_thread(_theirs, box, job.theirs(data)) for _ in range(RUNS)]
    goal = GOAL if job.name.startswith("sign") else GOAL_BY_HAND
    name = f"card.{job.name}" if rate is None else f"card.{job.name}.at_{rate}"
    if rate is None:
        report(f"{name}.apdus", _median(ours, "apdus"), _median(theirs, "apdus"), goal, unit="APDUs")
        report(f"{name}.bytes", _bytes(ours), _bytes(theirs), goal, unit="bytes")
    report(f"{name}.card_time", 1000 * _median(ours, "held_s"), 1000 * _median(theirs, "held_s"), goal, unit="ms")


async def _ours(box: CardBox, job: Ours) -> TraceTotals:
    await asyncio.to_thread(box.insert, "adult")
    readers = PcscReaders()
    try:
        connection = await readers.connect(await _card_here(readers))
        await job(connection)
        await connection.close()
    finally:
        await readers.close()
    return await asyncio.to_thread(_take, box)


def _theirs(box: CardBox, command: list[str]) -> TraceTotals:
    box.insert("adult")
    subprocess.run(command, check=True, capture_output=True)
    return _take(box)


async def _card_here(readers: PcscReaders) -> str:
    """The reader with the card."""
    async for event in readers.events():
        if isinstance(event, CardHere):
            return event.reader
    raise AssertionError("the readers' events never end")


class _Modelled:
    """A connection that adds up what the timing model says of everything that goes through it."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = connection
        self._timing = Timing.type_b(RATE)
        self.seconds = 0.0

    @property
    def reader(self) -> str:
        return self._connection.reader

    @property
    def pin_pad(self) -> PinPad | None:
        return self._connection.pin_pad

    async def transmit(self, command: bytes | bytearray, deadline_s: float = DEADLINE_S) -> bytes:
        answer = await self._connection.transmit(command, deadline_s)
        self.seconds += self._timing.exchange_s(bytes(command), answer)
        return answer

    async def close(self) -> None:
        await self._connection.close()


async def _own_share(box: CardBox) -> float:
    """Of one sign-in with the timing model on."""
    await asyncio.to_thread(box.insert, "adult")
    readers = PcscReaders()
    try:
        reader = await _card_here(readers)
        began = perf_counter()
        modelled = _Modelled(await readers.connect(reader))
        await sign_in(modelled)
        total = perf_counter() - began
        await modelled.close()
    finally:
        await readers.close()
        await asyncio.to_thread(box.remove)
    return (total - modelled.seconds) / total


def _take(box: CardBox) -> TraceTotals:
    trace = box.trace()
    box.remove()
    return trace


def _median(runs: list[TraceTotals], key: Literal["apdus", "bytes_in", "bytes_out", "held_s"]) -> float:
    return float(median(run[key] for run in runs))


def _bytes(runs: list[TraceTotals]) -> float:
    return _median(runs, "bytes_in") + _median(runs, "bytes_out")


if __name__ == "__main__":
    main()
