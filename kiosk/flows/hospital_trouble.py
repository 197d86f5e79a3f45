"""What can be done now when the card, its PIN, the line or the insurer cannot: each its own page, and never 10割.

The written statement (被保険者資格申立書) is printed with what is known here filled in; the rest is written by hand.
Source: ux reference, section 4.1.
"""

from __future__ import annotations

from contextlib import suppress

from backend_client.errors import BackendError, Refused
from drivers.errors import PinBlocked
from kiosk import problems
from kiosk.desk import Back, Desk, VisitOver
from kiosk.flows.asking import FOR_STAFF
from kiosk.problems import Again, Entry, Situation
from kiosk.screens import Choice, Digits, Mark, Result

FORM, SIGHT, AGAIN, OVER = "form", "sight", "again", "over"
ASLEEP = ("peer_unavailable", "storage_busy")
"""Refusals of a medical body that is there, and cannot reach the insurers or the authority."""
BY_PAPER = frozenset({"E-06", "E-07", "E-10", "E-26", "E-27", "E-32"})
"""Codes of which the person is not the cause: a statement will do."""


class BySight(Exception):
    """The patient wants staff to compare face and card instead."""


async def tell_blocked(desk: Desk) -> None:
    """No PIN try is left, or the card has none. Raises BySight, VisitOver, Back."""
    entry = problems.BY_ERROR[PinBlocked]
    sight = (Choice(SIGHT, desk.words("hospital.by_sight")),) if desk.reception.staffed else ()
    actions = (*sight, Choice(OVER, desk.words("action.over")))
    answer = await desk.show(problems.problem(desk.words, entry, actions, place=desk.profile.entry))
    raise BySight if answer == SIGHT else VisitOver


async def tell_trouble(desk: Desk, error: BackendError, certificate: bytes) -> None:
    """Returns when the patient wants to try again. Raises VisitOver, Back.

    With a statement because of the line, the visit is to be confirmed later by its certificate.
    """
    entry = entry_of(error)
    note = error.trace_id if isinstance(error, Refused) and entry in FOR_STAFF else ""
    answer = await desk.show(problems.problem(desk.words, entry, _actions(desk, entry), place="hospital", note=note))
    if answer == FORM:
        with suppress(Back):
            if entry.code == "E-10":
                await fill_in(desk, "line")
                desk.reception.stated(certificate)
            else:
                await fill_in(desk, "card")
    if answer != AGAIN:
        raise VisitOver


def entry_of(error: BackendError) -> Entry:
    """An insurer that sleeps is told apart from a line that is down: waiting helps with one of them only."""
    if isinstance(error, Refused) and error.code in ASLEEP:
        return Situation.INSURERS_DOWN.value
    return problems.entry_for(error)


def _actions(desk: Desk, entry: Entry) -> tuple[Choice, ...]:
    again = () if entry.again is Again.NEVER else (problems.again(desk.words),)
    by_form = desk.reception.staffed and entry.code in BY_PAPER
    form = (Choice(FORM, desk.words("hospital.form")),) if by_form else ()
    return (*again, *form, Choice(OVER, desk.words("action.over")))


async def fill_in(desk: Desk, why: str) -> None:
    """Ask for the day of birth and print the statement. Raises Back."""
    words = desk.words
    born = await desk.show(
        Digits(
            name="hospital.born",
            title=words("hospital.born_title"),
            hint=words("hospital.born_hint"),
            length_min=8,
            length_max=8,
            pattern="####-##-##",
        )
    )
    printed = await desk.reception.print("statement", statement(desk, why, born))
    title = words("hospital.form_printed" if printed else "hospital.form_by_hand")
    await desk.show(
        Result(
            name="hospital.form_done",
            title=title,
            mark=Mark.GOOD if printed else Mark.CARE,
            lines=words.lines("hospital.form_lines"),
            actions=(Choice("next", words("hospital.next")),),
        )
    )


def statement(desk: Desk, why: str, born: str) -> tuple[str, ...]:
    """The lines of a 被保険者資格申立書: what is known, and room for the rest."""
    words = desk.words
    return (
        words("hospital.statement_title"),
        words("hospital.statement_day", day=words.full_day(desk.now().date())),
        words("hospital.statement_facility", facility=desk.profile.facility),
        words("hospital.statement_why", why=words(f"hospital.why_{why}")),
        words("hospital.statement_born", year=born[:4], month=born[4:6], day=born[6:]),
        *words.lines("hospital.statement_rest"),
    )
