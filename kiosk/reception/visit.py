"""One visit, as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from backend_client import wire
from kiosk.reception.names import Hidden, hidden, outside_set, same_name


class State(Enum):
    """Each has a picture of its own in the list."""

    HERE = "here"
    """The card is on the reader, the patient answers."""
    CALLS = "calls"
    """The patient asks for staff: face against card (目視), or help."""
    APPROVED = "approved"
    """Staff have approved; good for the one question that follows."""
    ASKING = "asking"
    ANSWERED = "answered"
    LOOK_HERE = "look_here"
    """Answered, and the reception has something to do: another answer than valid, a name with ●."""
    OVER = "over"
    """The card is taken."""


class Paper(Enum):
    """PrescriptionIssueSelect. Source: card reference, section 8.2."""

    ELECTRONIC = "1"
    PAPER = "2"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who compared face and card, and when."""

    staff: str
    """As the duty list names the holder of the staff member's card."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid in this visit, for the one with reception `number`."""

    yen: int
    receipt: str
    number: str
    refunded: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """A statement (申立書) of an outage: what it takes to confirm it later, and nothing else."""

    day: date
    serial: str
    """Of the card's certificate, decimal: the only name by which the medical body finds the patient."""
    confirmation: str
    """Made once, so that a repeated question is no second reception."""


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """Replaced whole at each step. Its repr says nothing of the patient."""

    id: int
    state: State
    began_at: datetime
    answer: wire.Eligibility | None = None
    approval: Approval | None = None
    paper: Paper | None = None
    note: str = ""
    shown_name: str = ""
    """What the clerk put in the place of a ●; for display only."""
    paid: Paid | None = None
    statement: Statement | None = None
    confirmed_at: datetime | None = None
    """When a statement was confirmed."""
    without_card: bool = False
    """Looked up in a disaster."""

    def __repr__(self) -> str:
        return f"Visit({self.id}, {self.state.value})"

    @property
    def waits(self) -> bool:
        """Whether it is to be confirmed later: once, when the patient has gone."""
        return self.statement is not None and self.answer is None and self.state is State.OVER

    @property
    def name(self) -> str:
        """For the list: the clerk's, else the answer's."""
        insurance = self.answer.insurance if self.answer else None
        return self.shown_name or (insurance.name if insurance else "")

    @property
    def hidden(self) -> tuple[Hidden, ...]:
        """Every ● of the answer's name, explained."""
        insurance = self.answer.insurance if self.answer else None
        return hidden(insurance.name, insurance.name_kana) if insurance else ()

    @property
    def bouncing(self) -> tuple[str, ...]:
        """Characters to be warned of before the name goes into a claim."""
        insurance = self.answer.insurance if self.answer else None
        return outside_set(insurance.name) if insurance else ()

    def fits(self, name: str, birth_date: date) -> bool:
        """Whether the practice's own record is of the same person, as far as name and birth date say."""
        insurance = self.answer.insurance if self.answer else None
        return insurance is not None and insurance.birth_date == birth_date and same_name(insurance.name, name)


def state_after(answer: wire.Eligibility) -> State:
    """Whether the reception has something to do about an answer."""
    good = answer.validity in (wire.Validity.VALID, wire.Validity.VALID_MEDICAL_AID)
    plain = answer.insurance is not None and not hidden(answer.insurance.name, answer.insurance.name_kana)
    return State.ANSWERED if good and plain else State.LOOK_HERE
