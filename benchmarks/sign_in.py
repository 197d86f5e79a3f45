"""One sign-in on the card: our client beside OpenSC's pkcs11-tool, on the same software card behind the same pcscd.

The job: user authentication certificate, tries left, verify, sign. Card time is how long the card has
to be there, as the card sees it: from the first command's arrival to the last answer's departure, nobody typing.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from backend_client.wire import text_to_sign
from benchmarks._report import count, report
from drivers.card.jpki import Jpki
from drivers.errors import Pin
from drivers.readers import CardHere, service
from drivers.readers.pcsc import PcscReaders
from drivers.secret import Secret
from drivers.software_card.blank import make_blank
from drivers.software_card.control_client import CardBox
from kiosk.programs import Program

MOST_APDUS = 12
GOAL = 0.4
RUNS = 5
PIN = "1234"
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
            asyncio.run(_measure(data))
    finally:
        found.stop()


async def _measure(data: Path) -> None:
    card = await Program.start("drivers.software_card", "--data", str(data), "--vpcd", VPCD)
    try:
        box = CardBox(data)
        ours = [await _ours(box) for _ in range(RUNS)]
        theirs = [await asyncio.to_thread(_theirs, box, data) for _ in range(RUNS)]
    finally:
        await card.stop()
    count("sign_in.apdus", _median(ours, "apdus"), MOST_APDUS)
    report("sign_in.apdus", _median(ours, "apdus"), _median(theirs, "apdus"), GOAL, unit="APDUs")
    report("sign_in.bytes", _bytes(ours), _bytes(theirs), GOAL, unit="bytes")
    report("sign_in.card_time", 1000 * _median(ours, "held_s"), 1000 * _median(theirs, "held_s"), GOAL, unit="ms")
    # No goal: both make one RSA signature, and on a card made of software it is most of what is computed.
    report("sign_in.computing", 1000 * _median(ours, "card_s"), 1000 * _median(theirs, "card_s"), 1.0, unit="ms")


async def _ours(box: CardBox) -> dict[str, Any]:
    await asyncio.to_thread(box.insert, "adult")
    readers = PcscReaders()
    try:
        async for event in readers.events():
            if isinstance(event, CardHere):
                break
        connection = await readers.connect(event.reader)
        card = await Jpki.select(connection)
        await card.tries_left(Pin.USER_AUTHENTICATION)
        await card.auth_certificate()
        with Secret() as secret:
            for digit in PIN.encode():
                secret.add(digit)
            await card.verify(Pin.USER_AUTHENTICATION, secret)
        await card.sign_for_authentication(text_to_sign("https://localhost", "nonce"))
        await connection.close()
    finally:
        await readers.close()
    return await asyncio.to_thread(_take, box)


def _theirs(box: CardBox, data: Path) -> dict[str, Any]:
    box.insert("adult")
    message, signature = data / "message", data / "signature"
    message.write_bytes(text_to_sign("https://localhost", "nonce"))
    # Listing the slots asks for the tries, binding reads the certificates, so one call does the whole job.
    tool = ["pkcs11-tool", "--module", "opensc-pkcs11.so", "--slot-index", "0", "--login", "--pin", PIN]
    job = ["--sign", "-m", "SHA256-RSA-PKCS", "--id", "01", "-i", str(message), "-o", str(signature)]
    subprocess.run([*tool, *job], check=True, capture_output=True)
    return _take(box)


def _take(box: CardBox) -> dict[str, Any]:
    trace = box.trace()
    box.remove()
    return trace


def _median(runs: list[dict[str, Any]], key: str) -> float:
    return float(sorted(run[key] for run in runs)[len(runs) // 2])


def _bytes(runs: list[dict[str, Any]]) -> float:
    return _median(runs, "bytes_in") + _median(runs, "bytes_out")


if __name__ == "__main__":
    main()
