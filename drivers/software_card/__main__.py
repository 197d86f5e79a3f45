"""`python -m drivers.software_card`: a box of cards and two virtual slots, as a process of its own.

Says one JSON line on standard output when it is ready; ends on SIGTERM or SIGINT, and with its parent when told to.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path

from drivers.software_card.blank import make_all
from drivers.software_card.box import Box
from drivers.software_card.control import ControlServer
from drivers.software_card.control_client import CardBox
from drivers.software_card.errors import CardBoxAway, CardBoxRefused, CardBoxRuns, SoftwareCardError
from drivers.software_card.faults import BadRule, Rule, parse
from drivers.software_card.timing import DIVISOR, Timing


def main() -> int:
    options = _parser().parse_args()
    try:
        _check_alone(options.data)
        make_all(options.data)
        asyncio.run(_run(options))
    except (SoftwareCardError, OSError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    except KeyboardInterrupt:  # before there was a loop to stop
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m drivers.software_card", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of all that is kept")
    parser.add_argument(
        "--vpcd", type=_address, metavar="HOST:PORT", help="put cards behind pcscd; slot 1 is at PORT+1"
    )
    parser.add_argument("--insert", metavar="NAME", help="put this card into slot 0")
    parser.add_argument(
        "--fault", type=_rule, action="append", default=[], metavar="RULE", help="such as apdu=7:remove; repeatable"
    )
    parser.add_argument(
        "--timing", type=int, choices=tuple(DIVISOR), metavar="RATE", help="take a real card's time, at RATE kbit/s"
    )
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _rule(text: str) -> Rule:
    try:
        return parse(text)
    except BadRule as exc:
        raise argparse.ArgumentTypeError(str(exc)) from exc


def _check_alone(data: Path) -> None:
    """Two programs that hold one card would each count its tries for themselves."""
    try:
        CardBox(data).list()
    except CardBoxAway:
        return
    except CardBoxRefused:
        pass
    raise CardBoxRuns


async def _run(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    if options.with_parent:
        _stop_with_parent(stop)
    async with AsyncExitStack() as stack:
        box = Box(options.data, options.vpcd)
        stack.push_async_callback(box.close)
        box.set_faults(options.fault)
        box.set_timing(Timing.type_b(options.timing) if options.timing else None)
        if options.insert:
            await box.insert(options.insert)
        server = ControlServer(box, options.data)
        stack.push_async_callback(server.close)
        port = await server.start()
        sys.stdout.write(json.dumps({"ready": port, "pid": os.getpid()}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _stop_on_signals(stop: asyncio.Event) -> None:
    """signal.signal rather than the loop's own handlers, which Windows lacks."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def _stop_with_parent(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait_for_end() -> None:
        # os.read, since a thread inside sys.stdin would hold its lock when the interpreter ends.
        while os.read(sys.stdin.fileno(), 1024):
            pass
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_end, name="parent", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
