"""What of a reception outlives a visit: the list, the staff's reader, the terminal's right, the practice's folders.

A folder of the facility holds `duty.toml` ([staff] fingerprint of a card's certificate = name), `terminal.cv` and
`terminal.pem`; and `req`, `res` and `face` where the practice's computer takes part (docs/handover.md).
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend_client import wire
from drivers.card.jpki import Jpki
from drivers.card.terminal import SimulatedTerminalAuthentication, TerminalAuthentication
from drivers.errors import CardRefused
from drivers.readers import Readers
from kiosk.desk import Card, Tray
from kiosk.handover.brought import brought
from kiosk.handover.exchange import Exchange
from kiosk.handover.folders import Folders, FolderTrouble, Trouble
from kiosk.handover.shapes import Message
from kiosk.handover.watch import watch
from kiosk.outage_line import Health
from kiosk.reception.beside import Beside
from kiosk.reception.inquiries import Asks, Inquiries
from kiosk.reception.papers import printing
from kiosk.reception.readers import Only, StaffReader
from kiosk.reception.reception import Reception
from kiosk.reception.today import Today
from kiosk.reception.visit import Visit

WITHOUT_CARD = "2"
"""ReferenceClassification of who was looked up in a disaster: not by the card. A guess until a schema says so."""
TRY_AGAIN_S = 5.0
"""After a folder was in trouble."""


class Office:
    """One reception for one day. `run` serves what goes on beside the visits, until cancelled."""

    def __init__(
        self,
        folder: Path,
        facility_code: str,
        staff: str,
        readers: Callable[[], Readers],
        now: Callable[[], datetime],
        facility: Asks | None,
        health: Health,
    ) -> None:
        """`staff` is part of the name of the staff's reader; without it nobody approves. Raises OSError, ValueError."""
        self.reception = Reception(_duty(folder))
        self.trouble: Trouble | None = None
        self._code = facility_code
        self._now = now
        self._wanted = staff
        self._terminal = _opened_by(_terminal(folder))
        self._staff: StaffReader | None = None
        if staff:
            self._staff = StaffReader(Only(readers(), lambda name: staff in name), Jpki.select, self._terminal)
        self._pushes: asyncio.Queue[Visit] = asyncio.Queue()
        self.inquiries = Inquiries(self.reception, facility, health, now, self._pushes.put_nowait)
        self._exchange = _exchange(folder, Today(self.reception), now)

    def patients(self, readers: Readers) -> Readers:
        """All readers but the staff's."""
        return Only(readers, lambda name: self._wanted not in name) if self._wanted else readers

    def beside(self, tray: Tray) -> Beside:
        """The staff's side of the next visit."""
        return Beside(
            self.reception,
            self._now,
            self._staff,
            self._terminal,
            printing(tray),
            self._pushes.put_nowait,
            lambda: self.inquiries.term is not None,
        )

    async def run(self) -> None:
        """Follow the staff's reader and work through the folders."""
        async with asyncio.TaskGroup() as group:
            if self._staff is not None:
                group.create_task(self._staff.follow())
            group.create_task(self._push())
            group.create_task(self.inquiries.run())
            if self._exchange is not None:
                group.create_task(watch(self._exchange, self._told))

    def _told(self, trouble: Trouble | None) -> None:
        self.trouble = trouble
        for listener in self.reception.listeners:
            listener()

    def _brought(self, visit: Visit, answer: wire.Eligibility) -> Message:
        paper = visit.paper.value if visit.paper else ""
        message = brought(answer, self._code, paper, self._now())
        return Message({**message.header, "reference": WITHOUT_CARD}, message.bodies) if visit.without_card else message

    async def _push(self) -> None:
        """Put into `face` what each card brought, in order; a folder in trouble is tried again."""
        while True:
            await self._push_one(await self._pushes.get())  # in a frame of its own, so that nobody is kept by waiting

    async def _push_one(self, visit: Visit) -> None:
        while self._exchange is not None and visit.answer is not None:
            try:
                await self._exchange.push(str(visit.id), self._brought(visit, visit.answer))
                break
            except FolderTrouble as exc:
                self._told(exc.trouble)
                await asyncio.sleep(TRY_AGAIN_S)


def _duty(folder: Path) -> dict[str, str]:
    path = folder / "duty.toml"
    return dict(tomllib.loads(path.read_text("utf-8"))["staff"]) if path.is_file() else {}


def _terminal(folder: Path) -> TerminalAuthentication:
    """The one place where the real right would take the simulation's. Raises OSError, ValueError."""
    key = load_pem_private_key((folder / "terminal.pem").read_bytes(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("terminal.pem: not an RSA key")
    return SimulatedTerminalAuthentication((folder / "terminal.cv").read_bytes(), key)


def _opened_by(terminal: TerminalAuthentication) -> Callable[[Card], Awaitable[None]]:
    async def open_key(card: Card) -> None:
        if not isinstance(card, Jpki):
            raise CardRefused("terminal", 0x6D00)
        await terminal.authenticate(card)

    return open_key


def _exchange(folder: Path, today: Today, now: Callable[[], datetime]) -> Exchange | None:
    req, res, face = folder / "req", folder / "res", folder / "face"
    return Exchange(Folders(req, res, face), today, now) if req.is_dir() else None
