"""The list of today's visits. In memory; what is forgotten leaves nothing but a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from backend_client import wire
from kiosk.reception.visit import Approval, Paid, Paper, State, Statement, Visit, state_after

APPROVAL_TERM = timedelta(minutes=2)
"""After that the face that was compared may not be the one at the desk."""
LONGEST_NOTE = 200
AT_THE_DESK = frozenset({State.HERE, State.APPROVED, State.ANSWERED, State.LOOK_HERE})
"""The patient can do something."""


class OutOfOrder(Exception):
    """This cannot be done to a visit in this state, or there is no such visit."""


class NotOnDuty(Exception):
    """The card is not one of a staff member on duty, or it is the patient's own."""


class Reception:
    """All visits. `duty` says by a certificate's fingerprint who is on duty; `changed` hears of every change."""

    def __init__(self, duty: Mapping[str, str], changed: Callable[[], None] = lambda: None) -> None:
        self._duty = duty
        self.listeners = [changed]
        """All are told of every change."""
        self._visits: dict[int, Visit] = {}
        self._next = 1
        self._counts: Counter[str] = Counter()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """Who needs somebody first, then in the order in which they came."""
        urgent = (State.CALLS, State.LOOK_HERE)
        return tuple(sorted(self._visits.values(), key=lambda visit: (visit.state not in urgent, visit.id)))

    @property
    def counts(self) -> dict[str, int]:
        """The day so far, by outcome; says nothing of anybody."""
        return dict(self._counts)

    def begin(self, now: datetime) -> int:
        """A card is on the reader. Gives the visit's id, which the day does not use again."""
        visit = Visit(self._next, State.HERE, now)
        self._next += 1
        self._counts["visits"] += 1
        self._put(visit)
        return visit.id

    def call(self, visit: int) -> None:
        """The patient asks for staff. Raises OutOfOrder."""
        self._move(visit, AT_THE_DESK, state=State.CALLS)

    def settle(self, visit: int) -> None:
        """Staff are not needed any more, or have said no: the patient goes on alone. Raises OutOfOrder."""
        self._move(visit, {State.CALLS, State.APPROVED}, state=State.HERE, approval=None)

    def state(self, visit: int) -> State:
        """Raises OutOfOrder."""
        return self._visit(visit).state

    def visit(self, visit: int) -> Visit:
        """As far as it has come. Raises OutOfOrder."""
        return self._visit(visit)

    def approve(self, visit: int, staff_card: str, patient_card: str, now: datetime) -> None:
        """A staff member, by their own card, has compared face and card. Raises NotOnDuty, OutOfOrder."""
        staff = self._duty.get(staff_card)
        if staff is None or staff_card == patient_card:
            raise NotOnDuty
        self._move(visit, {State.CALLS}, "approved", state=State.APPROVED, approval=Approval(staff, now))

    def asking(self, visit: int, now: datetime, *, by_sight: bool) -> None:
        """The question goes out. By sight it needs an approval of just now, and uses it up. Raises OutOfOrder."""
        if not by_sight:
            return self._move(visit, AT_THE_DESK, state=State.ASKING)
        approval = self._visit(visit).approval
        if approval is None or not timedelta() <= now - approval.at <= APPROVAL_TERM:
            raise OutOfOrder
        return self._move(visit, {State.APPROVED}, state=State.ASKING)

    def answered(self, visit: int, answer: wire.Eligibility) -> None:
        """Raises OutOfOrder."""
        outcome = answer.validity.name.lower()
        self._move(visit, {State.ASKING}, outcome, state=state_after(answer), answer=answer)

    def unanswered(self, visit: int) -> None:
        """The question failed: the visit is where it was before, without its approval. Raises OutOfOrder."""
        self._move(visit, {State.ASKING}, "unanswered", state=State.HERE, approval=None)

    def choose(self, visit: int, paper: Paper) -> None:
        """Electronic or paper prescription. Raises OutOfOrder."""
        self._move(visit, {State.ANSWERED, State.LOOK_HERE}, paper=paper)

    def paid(self, visit: int, paid: Paid) -> None:
        """Keep what was paid, under the name of whoever had that number. Raises OutOfOrder."""
        self._move(visit, {State.HERE}, "paid", paid=paid, shown_name=self._name_of(paid.number))

    def refunded(self, receipt: str) -> None:
        """What was paid under this receipt was given back; of whoever is in the list no more nothing is kept."""
        for visit in self.visits:
            if visit.paid is not None and visit.paid.receipt == receipt:
                self._move(visit.id, set(State), "refunded", paid=replace(visit.paid, refunded=True))

    def stated(self, visit: int, statement: Statement) -> None:
        """The patient fills in a statement, because the line is down. Raises OutOfOrder."""
        self._move(visit, set(State) - {State.OVER}, "stated", statement=statement)

    def confirmed(self, visit: int, answer: wire.Eligibility, now: datetime) -> None:
        """The line is back, and says how it stood. Raises OutOfOrder when nothing waits for that."""
        if not self._visit(visit).waits:
            raise OutOfOrder
        self._move(visit, {State.OVER}, answer.validity.name.lower(), answer=answer, confirmed_at=now)

    def asked_again(self, visit: int, answer: wire.Eligibility) -> None:
        """Put a newer answer in the place of the one before. Raises OutOfOrder while there is none."""
        before = self._visit(visit)
        if before.answer is None:
            raise OutOfOrder
        state = state_after(answer) if before.state in (State.ANSWERED, State.LOOK_HERE) else before.state
        self._move(visit, {State.ANSWERED, State.LOOK_HERE, State.OVER}, "again", state=state, answer=answer)

    def found(self, answer: wire.Eligibility, now: datetime) -> int:
        """Somebody was looked up without a card: a visit that is over already. Gives its id."""
        visit = self.begin(now)
        outcome = answer.validity.name.lower()
        self._counts[outcome] += 1
        self._move(visit, {State.HERE}, "disaster", state=State.OVER, answer=answer, without_card=True)
        return visit

    def annotate(self, visit: int, note: str) -> None:
        """Put a note in the place of the one before. Raises OutOfOrder."""
        self._move(visit, set(State), note=note[:LONGEST_NOTE])

    def show_as(self, visit: int, name: str) -> None:
        """Let the list show the right characters in the place of ●. Raises OutOfOrder: it is another name."""
        answer = self._visit(visit).answer
        if answer is None or answer.insurance is None or not self._visit(visit).fits(name, answer.insurance.birth_date):
            raise OutOfOrder
        self._move(visit, set(State), shown_name=name)

    def over(self, visit: int) -> None:
        """The card is taken. Raises OutOfOrder."""
        self._move(visit, set(State) - {State.OVER}, state=State.OVER)

    def forget_before(self, moment: datetime) -> None:
        """Forget whoever came before and has left. Who waits to be confirmed later is not forgotten on the way."""
        over = [one for one in self._visits.values() if one.state is State.OVER and not one.waits]
        gone = [one.id for one in over if (one.confirmed_at or one.began_at) < moment]
        for visit in gone:
            self.forget(visit)

    def forget(self, visit: int) -> None:
        """Nothing of the visit is kept. Raises OutOfOrder while the patient is here."""
        if self._visit(visit).state is not State.OVER:
            raise OutOfOrder
        del self._visits[visit]
        self.ring()

    def end_day(self) -> dict[str, int]:
        """Forget everybody and give the day's counts; the next visit is number 1."""
        counts = self.counts
        self._visits.clear()
        self._counts.clear()
        self._next = 1
        self.ring()
        return counts

    def _name_of(self, number: str) -> str:
        had = (one for one in self._visits.values() if one.answer is not None and one.answer.reception_number == number)
        return next((one.name for one in had), "")

    def _visit(self, visit: int) -> Visit:
        try:
            return self._visits[visit]
        except KeyError as exc:
            raise OutOfOrder from exc

    def _move(self, visit: int, come_from: Set[State], counted: str = "", **changes: Any) -> None:
        before = self._visit(visit)
        if before.state not in come_from:
            raise OutOfOrder
        if counted:
            self._counts[counted] += 1
        self._put(replace(before, **changes))

    def ring(self) -> None:
        """Tell the listeners that something has changed, of the visits or beside them."""
        for listener in self.listeners:
            listener()

    def _put(self, visit: Visit) -> None:
        self._visits[visit.id] = visit
        self.ring()
