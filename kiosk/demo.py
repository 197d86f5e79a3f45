"""`madoguchi demo`: backend, software card behind the real card service, and kiosk, as three real programs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from drivers.readers import service
from drivers.software_card.control_client import CardBox
from kiosk.card_trust import equip_reception, write_secret
from kiosk.company_page import number_shown
from kiosk.counts import Counts
from kiosk.driver import Driver, Lost
from kiosk.programs import DidNotStart, Program
from kiosk.supervisor import Supervisor
from kiosk.tour import Commands, Tour
from kiosk.tour_practice import PlayedPractice
from kiosk.tours import TOURS
from kiosk.tours_hospital import STAFF_CARD
from stb_profile.phone.address import NAMED

STAFF_READER, STAFF_SLOT = "Virtual PCD 00 01", "Direct 1"
"""The second reader: behind the card service, and linked directly."""
FACILITY = "mihon-hospital"
"""Whose reception is played."""
VPCD = "127.0.0.1:35963"
"""Where Debian's vpcd listens for its first virtual reader's card."""


class Town:
    """The backend's program, which can go away and come back at the same address."""

    def __init__(self, data: Path, port: int) -> None:
        self._data = data
        self._port = port
        self._program: Program | None = None

    async def start(self) -> Program:
        """Raises DidNotStart."""
        port = ("--port", str(self._port))
        self._program = await Program.start("backend_stub", "serve", "--data", str(self._data), *port)
        self._port = urlsplit(self._program.ready["ready"]).port or self._port
        return self._program

    async def stop(self) -> None:
        if self._program is not None:
            await self._program.stop()
            self._program = None

    async def switch(self, up: bool) -> None:
        """Turn the line on or off. Raises DidNotStart."""
        await (self.start() if up else self.stop())


@dataclass(frozen=True, slots=True)
class Options:
    data: Path
    profile: str
    size: str | None
    port: int
    tour: Path | None
    vpcd: str = VPCD
    path: str = ""
    """Of the tour, where it is not the profile's main one."""


async def run(options: Options, tell: Callable[[str], None]) -> int:
    """Run until interrupted, or through the tour. `tell` says one sentence to the operator. Returns the exit status."""
    async with AsyncExitStack() as stack:
        linked = await asyncio.to_thread(_card_service, stack, tell)
        vpcd = ("--vpcd", options.vpcd) if linked else ()
        try:
            card = await Program.start("drivers.software_card", "--data", str(options.data), *vpcd)
            stack.push_async_callback(card.stop)
            town = Town(options.data, options.port)
            stack.push_async_callback(town.stop)
            backend = await town.start()
        except DidNotStart as exc:
            tell(f"{exc}.")
            return 1
        box = CardBox(options.data)
        counts = Counts(options.data / "kiosk" / "counts.db")
        stack.callback(counts.close)
        kiosk = ["--profile", options.profile, "--backend", backend.ready["ready"], "--ca", backend.ready["ca"]]
        kiosk += ["--reader", "pcsc" if linked else f"direct:{options.data}"]
        kiosk += ["--size", options.size] if options.size else []
        kiosk += _reception(options, linked)
        kiosk += ["--margin", str(options.data / "kiosk" / "margin.toml")]
        kiosk += ["--memory", str(options.data / "kiosk" / "memory.json")]
        if options.tour is not None:
            number = partial(number_shown, backend.ready["ready"], backend.ready["ca"])
            practice = PlayedPractice(_bills(options), today, town.switch)
            return await _tour(options, kiosk, counts, box, number, _city(options, backend), practice, tell)
        tell(f"Backend at {backend.ready['ready']}. In another terminal: madoguchi card insert --as adult (PIN 1234)")
        await Supervisor(kiosk, counts, today).run()
    return 0


async def _tour(
    options: Options, kiosk: list[str], counts: Counts, box: CardBox, number: Callable[[], Awaitable[str]],
    city: Commands, practice: PlayedPractice, tell: Callable[[str], None],
) -> int:  # fmt: skip
    assert options.tour is not None  # noqa: S101 - the caller looked
    for slot in (0, 1):
        await asyncio.to_thread(box.remove, slot)
    os.environ.setdefault(NAMED, "127.0.0.1")  # a code for a phone is shown on a machine without a network too
    driver = Driver()
    tour = Tour(TOURS[options.path or options.profile], driver, box, options.tour, number, city, practice)
    supervising = asyncio.create_task(Supervisor([*kiosk, "--driven"], counts, today, driver.take).run())
    touring = asyncio.create_task(tour.run())
    await asyncio.wait({supervising, touring}, return_when=asyncio.FIRST_COMPLETED)
    touring.cancel()
    supervising.cancel()
    outcome, _ = await asyncio.gather(touring, supervising, return_exceptions=True)
    if isinstance(outcome, Lost):
        tell(f"The tour failed: {outcome}.")
    elif isinstance(outcome, BaseException):
        raise outcome
    else:
        tell(f"{len(tour.log)} screens in {options.tour}")
    return 0 if outcome is None else 1


def _reception(options: Options, linked: bool) -> list[str]:
    """At a hospital: its folder, and the second virtual reader for the staff's cards. Elsewhere a tray."""
    if options.profile != "hospital":
        return ["--printouts", str(_made(options.data / "printouts"))]
    folder = options.data / "reception"
    equip_reception(options.data, folder, {STAFF_CARD: "受付 1"})
    _machine(options.data / "backend" / FACILITY / "machine.key", folder)
    for name in ("req", "res", "face", "bills/req", "bills/res", "printouts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    reader = ["--staff-reader", STAFF_READER if linked else STAFF_SLOT]
    paying = ["--bills", str(_bills(options)), "--till", str(options.data / "till")]
    return ["--reception", str(folder), *reader, *paying, "--printouts", str(folder / "printouts")]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _bills(options: Options) -> Path:
    """Where the practice's computer posts what is to be paid."""
    return options.data / "reception" / "bills"


def _machine(key: Path, folder: Path) -> None:
    """Hand the facility's machine over to its reception, which asks by it without a patient's card."""
    write_secret(folder / "machine.key", key.read_bytes())
    (folder / "machine.toml").write_text(f'id = "{FACILITY}"\n', "utf-8")


def _city(options: Options, backend: Program) -> Commands:
    """The municipality's desk, as a program of its own."""
    where = ("--data", str(options.data), "--ca", backend.ready["ca"], "--url", f"{backend.ready['ready']}/emergency")

    async def run(command: str) -> None:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "backend_stub", command, *where), stdout=asyncio.subprocess.DEVNULL
        )
        if await child.wait():
            raise Lost(f"the municipality could not {command}")

    return run


def _card_service(stack: AsyncExitStack, tell: Callable[[str], None]) -> bool:
    """Whether the software card can be behind the real service; says so in one sentence when not."""
    found = service.find_or_start()
    if found is None:
        tell("No smart-card service here (pcscd is missing or may not be started): the card is linked directly.")
        return False
    stack.callback(found.stop)
    if not found.has_virtual_reader:
        tell("The smart-card service has no virtual reader (install vsmartcard-vpcd): the card is linked directly.")
        return False
    return True


def has_display() -> bool:
    return not sys.platform.startswith("linux") or any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY"))


def today() -> date:
    return datetime.now().astimezone().date()
