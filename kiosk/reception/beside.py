"""The staff's side of one visit: who approves, what is kept of it, and the papers that come out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from cryptography import x509

from backend_client import wire
from kiosk.desk import Card, Due, NotApproved
from kiosk.holder import HoldersCard
from kiosk.race import first
from kiosk.reception.readers import fingerprint
from kiosk.reception.reception import NotOnDuty, OutOfOrder, Reception
from kiosk.reception.visit import Paid, Paper, State, Statement, Visit

KEPT = timedelta(hours=1)
"""So long a visit that is over stays in the list; then nothing of it is left but a count."""

Print = Callable[[str, tuple[str, ...]], Awaitable[bool]]
"""Name of the paper and its lines -> whether it came out."""


class StaffCards(Protocol):
    """The reader on the staff's side of the desk."""

    async def next(self) -> str:
        """Wait for a card that is laid down from now on, and is no copy; gives its certificate's fingerprint."""
        ...


class Beside:
    """`kiosk.desk.FrontDesk` of one visit; a visit of which the day's end has taken everything has nothing to tell."""

    def __init__(
        self,
        reception: Reception,
        now: Callable[[], datetime],
        staff: StaffCards | None,
        terminal: Callable[[Card], Awaitable[None]] | None,
        print_: Print,
        hand_over: Callable[[Visit], None],
        disaster: Callable[[], bool] = lambda: False,
    ) -> None:
        self._reception = reception
        self._now = now
        self._staff = staff
        self._terminal = terminal
        self._print = print_
        self._hand_over = hand_over
        self._disaster = disaster
        self._visit = 0

    @property
    def staffed(self) -> bool:
        """Whether face and card can be compared here: there is a reader for staff, and a terminal's right."""
        return self._staff is not None and self._terminal is not None

    @property
    def disaster(self) -> bool:
        """Whether somebody can be looked up without a card now."""
        return self._disaster()

    def begin(self) -> None:
        """A card is on the reader."""
        now = self._now()
        self._reception.forget_before(now - KEPT)
        self._visit = self._reception.begin(now)

    def over(self) -> None:
        """The patient has finished or left. What was answered goes to the practice's computer, once."""
        with suppress(OutOfOrder):
            self._reception.over(self._visit)
            self._hand_over(self._reception.visit(self._visit))

    def call(self) -> None:
        """Somebody is needed at the desk."""
        with suppress(OutOfOrder):  # called already
            self._reception.call(self._visit)

    async def compare(self, certificate: bytes) -> None:
        """Wait until one of the staff on duty has approved, by their own card. Raises NotApproved."""
        self.call()
        approved = await first(self._approved(fingerprint(certificate)), self._declined())
        if not approved:
            raise NotApproved

    async def open_key(self, card: Card) -> None:
        """Open the authentication key by this terminal's right. Raises NotApproved, CardError leaves."""
        if self._terminal is None or not isinstance(card, HoldersCard):
            raise NotApproved
        await self._terminal(card.bare)

    def asking(self, *, by_sight: bool) -> None:
        """The question goes out. By sight it uses up the approval. Raises OutOfOrder without one."""
        if not by_sight and self._reception.state(self._visit) is State.CALLS:
            self._reception.settle(self._visit)
        self._reception.asking(self._visit, self._now(), by_sight=by_sight)

    def answered(self, answer: wire.Eligibility) -> None:
        """Keep the answer for the reception's window."""
        self._reception.answered(self._visit, answer)

    def unanswered(self) -> None:
        """The question failed, or nobody waits for its answer any more."""
        self._reception.unanswered(self._visit)

    def stated(self, certificate: bytes) -> None:
        """The line is down, and the patient fills in a statement: keep what it takes to confirm it later."""
        serial = str(x509.load_der_x509_certificate(certificate).serial_number)
        self._reception.stated(self._visit, Statement(self._now().date(), serial, uuid4().hex))

    def choose(self, *, electronic: bool) -> None:
        """Keep which prescription the patient wants."""
        self._reception.choose(self._visit, Paper.ELECTRONIC if electronic else Paper.PAPER)

    def paid(self, due: Due) -> None:
        """Keep what was paid, for the reception's window."""
        self._reception.paid(self._visit, Paid(due.amount, due.receipt, due.number))

    async def print(self, name: str, lines: tuple[str, ...]) -> bool:
        """Whether paper came out."""
        return await self._print(name, lines)

    async def _approved(self, patient: str) -> bool:
        if self._staff is None:
            return False
        while True:
            with suppress(NotOnDuty):
                self._reception.approve(self._visit, await self._staff.next(), patient, self._now())
                return True

    async def _declined(self) -> bool:
        """Returns False when the staff have said no."""
        heard = asyncio.Event()
        self._reception.listeners.append(heard.set)
        try:
            while self._reception.state(self._visit) is not State.HERE:
                heard.clear()
                await heard.wait()
        finally:
            self._reception.listeners.remove(heard.set)
        return False
