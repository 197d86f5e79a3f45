"""A reception beside the patient's window: the real one, with staff, a terminal and a printer that are played."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.errors import CardRefused, Pin
from kiosk.desk import Card
from kiosk.reception.beside import Beside
from kiosk.reception.readers import fingerprint
from kiosk.reception.reception import Reception
from kiosk.reception.visit import Visit
from tests.flow.certificates import certificate_of
from tests.flow.fakes import NOON, FakeJpki

STAFF, STRANGER = "2001", "9999"
COMES_S = 20.0


def print_of(name: str) -> str:
    return fingerprint(certificate_of(name))


@dataclass
class FrontOffice:
    """The same for visit after visit. `cards` are laid down one after the other when staff are called."""

    reception: Reception = field(default_factory=lambda: Reception({STAFF: "受付 1"}))
    cards: deque[str | Callable[[], None]] = field(default_factory=lambda: deque([STAFF]))
    papers: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    handed_over: list[Visit] = field(default_factory=list)
    has_printer: bool = True
    knows_terminal: bool = True
    disaster: bool = False
    """Disaster mode is on at the reception."""

    def beside(self) -> Beside:
        told = self.handed_over.append
        return Beside(self.reception, lambda: NOON, self, self._open, self._print, told, lambda: self.disaster)

    async def next(self) -> str:
        while True:
            await asyncio.sleep(COMES_S)
            does = self.cards.popleft() if self.cards else None
            if isinstance(does, str):
                return does
            if does is None:
                await asyncio.Event().wait()
            else:
                does()

    async def _open(self, card: Card) -> None:
        assert isinstance(card, FakeJpki)
        if not self.knows_terminal:
            raise CardRefused("terminal certificate", 0x6982)
        card._verified.add(Pin.USER_AUTHENTICATION)

    async def _print(self, name: str, lines: tuple[str, ...]) -> bool:
        if self.has_printer:
            self.papers.append((name, lines))
        return self.has_printer
