"""The health body put together: its endpoints, and what those bring along who open their book at a counter."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from uuid import uuid4

from backend_client.wire import (
    BloodPressure,
    BloodPressures,
    CheckUps,
    Entered,
    NewBloodPressure,
    PartnerHandles,
    Pass,
    Steps,
    possible,
)
from backend_stub.body import Body, Call, Endpoint, Refusal
from backend_stub.database import answers, open_database
from backend_stub.health.book import Books
from backend_stub.health.synthetic import read_synthetic
from backend_stub.health.tables import TABLES
from backend_stub.passes import Gatehouse
from backend_stub.peers import Setup

JST = timezone(timedelta(hours=9))
WEEKS = timedelta(weeks=4)
READINGS = 28


class HealthBooks:
    """The health body at work. Days are days in Japan."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._engine = open_database(setup.database_url, TABLES)
        self._books = Books(self._engine)
        self._synthetic = read_synthetic()
        self._gatehouse = Gatehouse(setup, "health")

    def body(self) -> Body:
        gatehouse = self._gatehouse
        return Body(
            name="health",
            title="みどり健康手帳 — health book",
            endpoints=(
                Endpoint("POST", "/sessions", gatehouse.enter, Pass, Entered),
                Endpoint("POST", "/leave", gatehouse.leave),
                Endpoint("GET", "/steps", self.steps, gives=Steps, session=True),
                Endpoint("GET", "/blood-pressure", self.blood_pressure, gives=BloodPressures, session=True),
                Endpoint("POST", "/blood-pressure", self.add_blood_pressure, NewBloodPressure, session=True),
                Endpoint("GET", "/check-ups", self.check_ups, gives=CheckUps, session=True),
            ),
            registry=self._setup.registry,
            clock=self._setup.clock,
            healthy=lambda: answers(self._engine),
            close=self._close,
        )

    async def steps(self, call: Call, _message: None) -> Steps:
        """Tell the steps of the last four weeks. Raises Refusal: session_unknown."""
        handle, today = self._of(call), _day(call.now)
        self._hear_from_pedometer(handle, today)
        return Steps(today=today, days=self._books.steps(handle, today - WEEKS + timedelta(days=1)))

    async def blood_pressure(self, call: Call, _message: None) -> BloodPressures:
        """Tell the newest readings. Raises Refusal: session_unknown."""
        return BloodPressures(readings=self._books.pressures(self._of(call), READINGS))

    async def add_blood_pressure(self, call: Call, new: NewBloodPressure) -> None:
        """Keep a reading of now. Raises Refusal: session_unknown, reading_impossible."""
        handle = self._of(call)
        if not possible(new.upper, new.lower):
            raise Refusal("reading_impossible")
        self._books.add(handle, BloodPressure(at=call.now, upper=new.upper, lower=new.lower))

    async def check_ups(self, call: Call, _message: None) -> CheckUps:
        """Tell all check-ups. Raises Refusal: session_unknown."""
        return CheckUps(check_ups=self._books.check_ups(self._of(call)))

    async def fill(self) -> None:
        """Open the books of those who let this service in at a counter, with what they brought. Raises Refusal.

        Who comes with a pass first has an empty book by then, and keeps it.
        """
        peers, now = self._setup.peers, self._setup.clock()
        handles: PartnerHandles = await peers.read("portal", "/partner-handles", PartnerHandles, uuid4().hex)
        for handle in handles.handles:
            day = _day(now)
            self._books.bring(handle, now, self._synthetic.readings(day, JST), self._synthetic.check_ups(day))

    def _of(self, call: Call) -> str:
        """The handle of who is in, whose book is open from now on."""
        handle = self._gatehouse.guest(call).handle
        self._books.open(handle, call.now)
        return handle

    def _hear_from_pedometer(self, handle: str, today: date) -> None:
        opened = self._books.counted_since(handle)
        if opened is None:
            return
        last = self._books.last_counted(handle)
        first = today - WEEKS + timedelta(days=1) if last is None else last + timedelta(days=1)
        # Today's is not over: a day is counted when it is.
        self._books.count(handle, self._synthetic.steps(handle, _day(opened), first, today - timedelta(days=1)))

    async def _close(self) -> None:
        self._gatehouse.close()
        self._engine.dispose()


def _day(moment: datetime) -> date:
    return moment.astimezone(JST).date()
