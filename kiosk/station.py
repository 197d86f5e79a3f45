"""What a kiosk process does after its window stands: wait for the order to show, serve one visit, report, exit."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import threading
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, Protocol

from backend_client import wire
from backend_client.client import Backend
from backend_client.emergency import states
from backend_client.health import feel_pulse
from drivers.readers import Readers
from kiosk import box_margin, printer, process, words
from kiosk.box_memory import BoxMemory
from kiosk.desk import EndReason
from kiosk.preferences import of_box
from kiosk.problems import again_screen
from kiosk.race import first
from kiosk.screens import Stage
from kiosk.visit import Visit
from kiosk.voice import earphones
from kiosk.voice import setup as voice_setup
from stb_profile.keymap import Action
from stb_profile.keymap import load as load_keymap
from stb_profile.profile import Profile

if TYPE_CHECKING:
    from kiosk.reception.office import Office
    from kiosk.till.till import Till

log = logging.getLogger(__name__)

EVDEV = "evdev"
"""`--input`: remotes are read directly."""

CRASHED = 70
"""Exit status after an unexpected fault in a visit (sysexits: internal software error)."""


class Window(Stage, Protocol):
    """The stage together with the window it plays in."""

    painted: bool
    on_painted: Callable[[str], None]
    """Told the name of each screen once it stands and takes keys."""

    def reveal(self) -> None: ...
    def act(self, action: Action) -> None: ...
    def paints(self) -> bool: ...
    def press(self, key: str) -> None: ...
    def grab(self, path: str) -> None: ...
    def describe(self) -> dict[str, Any]: ...
    def title(self) -> str: ...


class StaffWindow(Protocol):
    """The reception's own window beside the patient's."""

    def drive(self, key: str, path: str) -> str:
        """Press a key, then save a picture; each where it is not empty. Gives the chosen visit's reception number."""
        ...


class Station:
    """One process, one visit; at a hospital's reception one process for the day."""

    def __init__(
        self,
        stage: Window,
        profile: Profile,
        options: Namespace,
        open_reception: Callable[[Office], StaffWindow] | None = None,
    ) -> None:
        """`open_reception` opens the staff's window."""
        self._stage = stage
        self._profile = profile
        self._options = options
        self._preferences = box_margin.fitted(of_box(profile.theme, profile.preferences), options.margin)
        self._voice = voice_setup.find()
        stage.speaks = self._voice.speaks
        self._shown = asyncio.Event()
        self._left = asyncio.Event()
        self._again = False
        self._open_reception = open_reception
        self._staff_window: StaffWindow | None = None

    async def serve(self) -> int:
        """Returns the exit status. Ends early when the supervisor goes away."""
        threading.Thread(target=self._read_orders, args=(asyncio.get_running_loop(),), daemon=True).start()
        self._stage.on_painted = lambda name: process.say(process.SCREEN, name=name)
        beating = asyncio.create_task(self._beat())
        serving = asyncio.create_task(self._serve())
        leaving = asyncio.create_task(self._left.wait())
        await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, leaving, beating):
            task.cancel()
        results = await asyncio.gather(serving, leaving, beating, return_exceptions=True)
        self._voice.close()
        if isinstance(results[0], Exception):
            return self._crashed(results[0])
        return 0

    async def _serve(self) -> None:
        process.say(process.READY)
        if not self._options.show:
            await self._shown.wait()
            self._fit()
            self._stage.reveal()
        process.say(process.SHOWN)
        async with direct_remotes(self._options, self._profile, self._stage.act):
            if self._options.reception is not None:
                await self._receive()
            reason = await self._visit()
        process.say(process.OVER, reason=reason.value)
        await self._left.wait()

    async def _receive(self) -> Never:
        """Serve visit after visit: the reception's list must outlive the patient who has just left (decision 0034)."""
        from kiosk.reception.facility import Facility, machine_of
        from kiosk.reception.office import Office

        signer = machine_of(self._options.reception)
        office = Office(
            self._options.reception,
            self._profile.facility_code,
            self._options.staff_reader,
            partial(readers, self._options.reader),
            lambda: datetime.now().astimezone(),
            None if signer is None else Facility(Backend(self._options.backend, self._options.ca, signer=signer)),
            self._health,
        )
        if self._open_reception is not None:
            self._staff_window = self._open_reception(office)
        await first(office.run(), self._visits(office))
        raise AssertionError("neither ever ends")

    async def _visits(self, office: Office) -> Never:
        while True:
            self._stage.apply(self._preferences, words.load(self._preferences.language))
            await self._visit(office)
            self._again = False
            gc.collect()  # what the patient was told is to be gone, not only out of reach

    def _fit(self) -> None:
        """Somebody may have set the margin while this process was warming."""
        fitted = box_margin.fitted(self._preferences, self._options.margin)
        if fitted != self._preferences:
            self._preferences = fitted
            self._stage.apply(fitted, words.load(fitted.language))

    async def _visit(self, office: Office | None = None) -> EndReason:
        if self._again:
            await again_screen(self._stage, words.load(self._preferences.language))
        margin = self._options.margin
        backend = Backend(self._options.backend, self._options.ca)
        tray = printer.find(self._options.printouts, self._options.stick)
        cards = readers(self._options.reader)
        visit = Visit(
            stage=self._stage,
            readers=cards if office is None else office.patients(cards),
            backend=backend,
            words=words.load(self._preferences.language),
            profile=self._profile,
            now=lambda: datetime.now().astimezone(),
            preferences=self._preferences,
            voice=self._voice,
            earphones=earphones.find(),
            tray=tray,
            till=till(self._options, backend, None if office is None else office.reception.refunded),
            keep_margin=None if margin is None or self._profile.pointer else partial(box_margin.keep, margin),
            reception=None if office is None else office.beside(tray),
            health=self._health,
            states=lambda: states(backend),
            # Where many people come, each of them is told: what one has confirmed ends with the visit.
            memory=BoxMemory(None if self._profile.pointer else self._options.memory),
        )
        return await visit.run()

    async def _health(self) -> wire.Health:
        return (await feel_pulse(self._options.backend, self._options.ca)).health

    def _crashed(self, exc: Exception) -> int:
        # Type and place only: the text of an exception may quote what a person typed or a server sent.
        trace = exc.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "?" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        log.error("the visit ended by %s at %s", type(exc).__name__, place)
        return CRASHED

    async def _beat(self) -> None:
        while True:
            if self._stage.paints():  # a loop that turns behind a dead screen is no life
                process.say(process.ALIVE)
            await asyncio.sleep(process.HEARTBEAT_S)

    def _read_orders(self, loop: asyncio.AbstractEventLoop) -> None:
        # A thread, because no event loop can wait on a pipe the same way on Linux and Windows.
        for line in sys.stdin:
            loop.call_soon_threadsafe(self._obey, json.loads(line))
        loop.call_soon_threadsafe(self._left.set)

    def _obey(self, order: dict[str, Any]) -> None:
        if order["do"] == "show":
            self._again = order["again"]
            self._shown.set()
        elif self._options.driven:
            self._drive(order)

    def _drive(self, order: dict[str, Any]) -> None:
        seen = {}
        if order["do"] == "staff":
            if self._staff_window is not None:
                seen["number"] = self._staff_window.drive(order.get("key", ""), order.get("path", ""))
        elif order["do"] == "read":
            seen["title"] = self._stage.title()
        elif order["do"] == "press":
            self._stage.press(order["key"])
        elif order["do"] == "grab":
            self._stage.grab(order["path"])
        process.say(process.DONE, **self._stage.describe(), **seen)


@asynccontextmanager
async def direct_remotes(options: Namespace, profile: Profile, act: Callable[[Action], None]) -> AsyncIterator[None]:
    """With `--input evdev`, read every remote directly and keep it from the window system, until left."""
    if options.input != EVDEV:
        yield
        return
    from stb_profile.evdev.meaning import Meaning
    from stb_profile.evdev.remotes import Remotes

    meaning = Meaning(load_keymap(profile.keymap, options.keys), act)
    remotes = Remotes(meaning.wants, meaning.take, meaning.gone, grab=True)
    following = asyncio.create_task(remotes.follow())
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def readers(kind: str) -> Readers:
    """`pcsc`, `nfc` or `nfc:PATH` of nfcpy, or `direct:DIR`."""
    name, _, where = kind.partition(":")
    if name == "direct":
        from drivers.readers.direct import find

        return find(Path(where))
    if name == "nfc":
        from drivers.readers.nfc import NfcReaders

        return NfcReaders(*([where] if where else []))
    from drivers.readers.pcsc import PcscReaders

    return PcscReaders()


def till(options: Namespace, line: Backend, refunded: Callable[[str], None] | None) -> Till | None:
    """What pays bills here, where the practice posts some. `refunded` hears the receipt of what was given back."""
    if options.bills is None or options.till is None:
        return None
    from kiosk.till.till import open_till

    today = lambda: datetime.now().astimezone().date()  # noqa: E731
    return open_till(options.till, options.bills, line, today, refunded or (lambda _: None))
