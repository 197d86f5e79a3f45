"""Once more, later and in a disaster: asked once, said what became of it, handed over like any other answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from backend_client import wire
from backend_client.errors import Unreachable
from kiosk.reception.inquiries import LOOK_S, Inquiries
from kiosk.reception.reception import OutOfOrder, Reception
from kiosk.reception.visit import State, Statement, Visit
from tests.flow.fakes import refused
from tests.flow.virtual_time import play
from tests.reception.fake_facility import ANSWER, TERM, FakeFacility

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
OTHER = msgspec.structs.replace(ANSWER, validity=wire.Validity.SEVERAL, insurance=None)
HANAKO = wire.FourItems(name="見本 花子", address="みほん県みどり市", birth_date=date(1946, 2, 11), sex="2")
AN_ANSWER_S = 0.1


@dataclass
class Room:
    """A reception, and who asks for it."""

    reception: Reception = field(default_factory=lambda: Reception({}))
    facility: FakeFacility = field(default_factory=FakeFacility)
    handed_over: list[Visit] = field(default_factory=list)
    now: datetime = NOW
    inquiries: Inquiries = field(init=False)

    def __post_init__(self) -> None:
        self.inquiries = Inquiries(
            self.reception, self.facility, self.facility.health, lambda: self.now, self.handed_over.append
        )

    def answered(self, answer: wire.Eligibility = ANSWER, *, over: bool = True) -> int:
        visit = self.reception.begin(NOW)
        self.reception.asking(visit, NOW, by_sight=False)
        self.reception.answered(visit, answer)
        if over:
            self.reception.over(visit)
        return visit

    def on_paper(self, serial: str = "4711") -> int:
        visit = self.reception.begin(NOW)
        self.reception.stated(visit, Statement(TODAY, serial, f"c-{visit}"))
        self.reception.over(visit)
        return visit

    def play(self, story: Callable[[], Awaitable[None]]) -> None:
        """Let things happen, in virtual time, while questions are asked."""

        async def playing() -> None:
            running = asyncio.create_task(self.inquiries.run())
            try:
                await story()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

        play(playing())

    def ask(self, *questions: Callable[[], None]) -> str:
        """What is said of the last of some questions that come at once."""

        async def story() -> None:
            for question in questions:
                question()
            await asyncio.sleep(AN_ANSWER_S)

        self.play(story)
        return self.inquiries.news


@pytest.fixture
def room() -> Room:
    return Room()


# --- once more -------------------------------------------------------------------------------------------------------


def test_the_same_answer_once_more(room: Room) -> None:
    visit = room.answered()
    assert room.ask(lambda: room.inquiries.again(visit)) == "reception.again_same"
    assert room.facility.asked == [("again", TODAY, "12")]
    assert room.reception.counts == {"visits": 1, "valid": 1, "again": 1}
    assert [one.id for one in room.handed_over] == [visit]


def test_another_answer_takes_the_place_of_the_first(room: Room) -> None:
    visit = room.answered(over=False)
    room.facility.answer = OTHER
    assert room.ask(lambda: room.inquiries.again(visit)) == "reception.again_other"
    seen = room.reception.visit(visit)
    assert (seen.answer, seen.state) == (OTHER, State.LOOK_HERE)
    assert room.handed_over == [], "it goes with the rest of the visit"


def test_the_grace_period_is_not_lost_by_asking_once_more(room: Room) -> None:
    answer = msgspec.structs.replace(ANSWER, grace_until="2027-02-28")
    visit = room.answered(answer)
    assert room.ask(lambda: room.inquiries.again(visit)) == "reception.again_same"
    assert room.reception.visit(visit).answer == answer


def test_without_an_answer_it_takes_the_card(room: Room) -> None:
    visit = room.reception.begin(NOW)
    assert room.ask(lambda: room.inquiries.again(visit)) == "reception.again_by_card"
    assert room.facility.asked == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("not_possible", "reception.again_not_today"),
        ("not_found", "reception.again_not_today"),
        ("fault", "reception.no_line"),
    ],
)
def test_why_not(room: Room, fault: str, said: str) -> None:
    visit = room.answered()
    room.facility.faults.append(refused(fault))
    assert room.ask(lambda: room.inquiries.again(visit)) == said
    assert room.reception.visit(visit).answer == ANSWER
    assert room.handed_over == []


def test_who_was_cleared_away_is_not_asked_about(room: Room) -> None:
    visit = room.answered()
    room.reception.forget(visit)
    assert room.ask(lambda: room.inquiries.again(visit)) == "reception.not_now"


def test_a_reception_without_a_machine_says_so() -> None:
    reception = Reception({})
    inquiries = Inquiries(reception, None, FakeFacility().health, lambda: NOW, lambda _: None)
    inquiries.again(1)
    assert inquiries.news == "reception.no_machine"


# --- later -----------------------------------------------------------------------------------------------------------


def test_a_visit_of_an_outage_is_confirmed_once(room: Room) -> None:
    visit = room.on_paper()
    assert room.ask(*[lambda: room.inquiries.later(visit)] * 2) == "reception.later_none", "the second press"
    assert room.facility.asked == [("later", "c-1", TODAY, "4711")]
    seen = room.reception.visit(visit)
    assert (seen.answer, seen.waits, seen.confirmed_at) == (ANSWER, False, NOW)
    assert [one.answer for one in room.handed_over] == [ANSWER]
    assert room.reception.counts == {"visits": 1, "stated": 1, "valid": 1}


def test_while_the_line_is_down_it_waits_under_the_same_name(room: Room) -> None:
    visit = room.on_paper()
    room.facility.faults.append(Unreachable())
    assert room.ask(lambda: room.inquiries.later(visit)) == "reception.no_line"
    assert room.reception.visit(visit).waits
    assert room.ask(lambda: room.inquiries.later(visit)) == "reception.later_done"
    assert room.facility.asked[0] == room.facility.asked[1]


def test_it_is_offered_when_the_line_is_back(room: Room) -> None:
    room.facility.line_is_up = False
    told: list[bool] = []
    room.reception.listeners.append(lambda: told.append(room.inquiries.line_is_back))

    async def story() -> None:
        room.on_paper()
        await asyncio.sleep(2 * LOOK_S)
        assert told[-1] is False
        room.facility.line_is_up = True
        await asyncio.sleep(2 * LOOK_S)

    room.play(story)
    assert told[-1] is True


def test_who_waits_outlives_the_hour(room: Room) -> None:
    visit = room.on_paper()
    other = room.answered()
    room.reception.forget_before(NOW + timedelta(hours=2))
    assert [one.id for one in room.reception.visits] == [visit], other
    room.now = NOW + timedelta(hours=3)
    room.ask(lambda: room.inquiries.later(visit))
    room.reception.forget_before(NOW + timedelta(hours=2))
    assert len(room.reception.visits) == 1, "an hour from when it was confirmed"
    room.reception.forget_before(NOW + timedelta(hours=4))
    assert len(room.reception.visits) == 0


def test_what_waits_holds_nothing_of_the_patient(room: Room) -> None:
    seen = room.reception.visit(room.on_paper())
    assert seen.statement is not None
    assert set(Statement.__slots__) == {"day", "serial", "confirmation"}
    assert "4711" not in repr(seen.statement)
    assert (seen.name, seen.answer) == ("", None)


def test_nothing_is_confirmed_that_was_answered(room: Room) -> None:
    visit = room.answered()
    assert room.ask(lambda: room.inquiries.later(visit)) == "reception.later_none"
    with pytest.raises(OutOfOrder):
        room.reception.confirmed(visit, ANSWER, NOW)


# --- in a disaster ---------------------------------------------------------------------------------------------------


def test_somebody_is_looked_up_without_a_card(room: Room) -> None:
    assert room.ask(room.inquiries.open_disaster) == ""
    assert room.inquiries.term == TERM
    assert room.ask(lambda: room.inquiries.search(HANAKO)) == "reception.disaster_found"
    (seen,) = room.reception.visits
    assert (seen.state, seen.without_card, seen.answer) == (State.OVER, True, ANSWER)
    assert [one.id for one in room.handed_over] == [seen.id]
    assert room.reception.counts == {"visits": 1, "valid": 1, "disaster": 1}


def test_without_permission_there_is_no_disaster_mode(room: Room) -> None:
    room.facility.term = None
    assert room.ask(room.inquiries.open_disaster) == "reception.disaster_closed"
    assert room.ask(lambda: room.inquiries.search(HANAKO)) == "reception.disaster_closed"
    assert (room.facility.asked, room.reception.visits) == ([], ())


def test_it_ends_when_the_permission_ends(room: Room) -> None:
    async def story() -> None:
        room.inquiries.open_disaster()
        await asyncio.sleep(AN_ANSWER_S)
        assert room.inquiries.term == TERM
        room.facility.term = None
        await asyncio.sleep(2 * LOOK_S)

    room.play(story)
    assert room.inquiries.term is None
    assert room.inquiries.news == "reception.disaster_ended"


def test_a_look_up_that_is_refused_ends_it_too(room: Room) -> None:
    room.ask(room.inquiries.open_disaster)
    room.facility.faults.append(refused("disaster_closed"))
    assert room.ask(lambda: room.inquiries.search(HANAKO)) == "reception.disaster_closed"
    assert room.inquiries.term is None
    assert room.reception.visits == ()


def test_nobody_of_these_items(room: Room) -> None:
    room.ask(room.inquiries.open_disaster)
    room.facility.faults.append(refused("no_match"))
    assert room.ask(lambda: room.inquiries.search(HANAKO)) == "reception.disaster_nobody"
    assert room.inquiries.term == TERM
