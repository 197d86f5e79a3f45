"""What the staff ask without the patient: once more, later, and in a disaster. One question after the other.

A second press of a key finds the first one's answer, so that nothing is asked or handed over twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Never, Protocol

import msgspec

from backend_client import wire
from backend_client.errors import BackendError, Refused
from kiosk.outage import ENTRY
from kiosk.outage_line import Health, Line
from kiosk.reception.reception import OutOfOrder, Reception
from kiosk.reception.visit import State, Visit

LOOK_S = 5.0
"""How often it is looked whether the line is back or a disaster still open, while that matters to somebody."""
REFUSED = {
    "not_found": "reception.again_not_today",
    "not_possible": "reception.again_not_today",
    "no_match": "reception.disaster_nobody",
    "disaster_closed": "reception.disaster_closed",
    "certificate_expired": "reception.later_refused",
    "certificate_revoked": "reception.later_refused",
}
"""Why not, by the medical body's own code."""


class Asks(Protocol):
    """`kiosk.reception.facility.Facility`, whose docstrings say what each does."""

    async def again(self, day: date, number: str) -> wire.Eligibility: ...

    async def later(self, confirmation: str, day: date, serial: str) -> wire.Eligibility: ...

    async def disaster(self) -> wire.DisasterTerm: ...

    async def search(self, items: wire.FourItems) -> wire.Eligibility: ...


class Inquiries:
    """`run` works through what was asked for. `news` and `term` are for the window; `changed` hears of each of them."""

    def __init__(
        self,
        reception: Reception,
        facility: Asks | None,
        health: Health,
        now: Callable[[], datetime],
        hand_over: Callable[[Visit], None],
    ) -> None:
        """Without a facility's machine nothing can be asked, and that is said."""
        self.news = ""
        """Key of the words about what became of the last question."""
        self.term: wire.DisasterTerm | None = None
        """The commission's order while disaster mode is on here."""
        self._reception = reception
        self._facility = facility
        self._line = Line(health)
        self._now = now
        self._hand_over = hand_over
        self._asked: asyncio.Queue[Callable[[Asks], Awaitable[str]]] = asyncio.Queue()
        self._changed = asyncio.Event()
        reception.listeners.append(self._changed.set)

    @property
    def line_is_back(self) -> bool:
        """As far as it is known; looked after while somebody waits for it."""
        return not self._line.outage.stops(ENTRY["hospital"])

    def again(self, visit: int) -> None:
        """Ask once more about a visit that was answered."""
        self._ask(lambda facility: self._again(facility, visit))

    def later(self, visit: int) -> None:
        """Confirm a visit of an outage."""
        self._ask(lambda facility: self._later(facility, visit))

    def open_disaster(self) -> None:
        """Begin disaster mode, if the commission has one open."""
        self._ask(self._open_disaster)

    def end_disaster(self) -> None:
        """End it here, whatever the commission's order says."""
        self.term = None
        self.say("reception.disaster_ended")

    def search(self, items: wire.FourItems) -> None:
        """Look somebody up without a card."""
        self._ask(lambda facility: self._search(facility, items))

    def say(self, news: str) -> None:
        """Tell the window, which takes an empty one as: read."""
        self.news = news
        self._reception.ring()

    async def run(self) -> Never:
        """Ask what is to be asked, and look whether the line is back and the disaster still open. Never returns."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work())
            group.create_task(self._watch())
        raise AssertionError("neither ever ends")

    def _ask(self, question: Callable[[Asks], Awaitable[str]]) -> None:
        if self._facility is None:
            self.say("reception.no_machine")
        else:
            self.say("reception.being_asked")
            self._asked.put_nowait(question)

    async def _work(self) -> Never:
        while True:
            question = await self._asked.get()
            assert self._facility is not None  # noqa: S101 - else nothing is ever asked
            try:
                news = await question(self._facility)
            except OutOfOrder:
                news = "reception.not_now"
            except Refused as exc:
                if exc.code == "disaster_closed":
                    self.term = None
                news = REFUSED.get(exc.code, "reception.no_line")
            except BackendError:
                news = "reception.no_line"
            self.say(news)

    async def _again(self, facility: Asks, number: int) -> str:
        visit = self._reception.visit(number)
        if visit.answer is None:
            return "reception.again_by_card"
        answer = await facility.again(visit.began_at.date(), visit.answer.reception_number)
        answer = msgspec.structs.replace(answer, grace_until=visit.answer.grace_until)
        self._reception.asked_again(number, answer)
        if visit.state is State.OVER:  # else it goes with the rest of the visit
            self._hand_over(self._reception.visit(number))
        return "reception.again_same" if answer == visit.answer else "reception.again_other"

    async def _later(self, facility: Asks, number: int) -> str:
        visit = self._reception.visit(number)
        if visit.statement is None or not visit.waits:
            return "reception.later_none"
        answer = await facility.later(visit.statement.confirmation, visit.statement.day, visit.statement.serial)
        self._reception.confirmed(number, answer, self._now())
        self._hand_over(self._reception.visit(number))
        return "reception.later_done"

    async def _open_disaster(self, facility: Asks) -> str:
        self.term = await facility.disaster()
        return ""

    async def _search(self, facility: Asks, items: wire.FourItems) -> str:
        if self.term is None:
            return "reception.disaster_closed"
        visit = self._reception.found(await facility.search(items), self._now())
        self._hand_over(self._reception.visit(visit))
        return "reception.disaster_found"

    async def _watch(self) -> Never:
        while True:
            self._changed.clear()
            waiting = any(visit.waits for visit in self._reception.visits)
            if not waiting and self.term is None:
                await self._changed.wait()
                continue
            if waiting:
                await self._look()
            if self.term is not None and self._facility is not None:
                await self._still_open(self._facility)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        before = self.line_is_back
        await self._line.look()
        if self.line_is_back is not before:
            self._reception.ring()

    async def _still_open(self, facility: Asks) -> None:
        """Ends with the commission's order. While the line is down nobody can be looked up anyway."""
        try:
            await facility.disaster()
        except Refused as exc:
            if exc.code == "disaster_closed" and self.term is not None:
                self.end_disaster()
        except BackendError:
            if self.term is not None and self._now() >= self.term.until:
                self.end_disaster()
