"""おかしいと思う: the commission looks into a record, and the person sees here how that stands."""

from __future__ import annotations

from functools import partial

from backend_client import wire
from kiosk.desk import Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Detail, Fact, Mark, Result
from kiosk.words import Private


async def open_case(desk: Desk, number: str) -> wire.Case | None:
    """None when the person rather did not. Raises Back, StartAgain."""
    if not await desk.show(_question(desk)):
        return None
    screen = working(desk, "record_case.sending", "record_case.sending")
    case = await ask(desk, screen, partial(desk.backend.open_case, number))
    await desk.show(_opened(desk, number))
    return case


async def ask_at_office(desk: Desk, record: wire.Record) -> None:
    """For what is in no log of the gateway's: whom to ask, and the number that finds the record there. Raises Back."""
    await desk.show(_office(desk, record))


def case_facts(desk: Desk, case: wire.Case) -> tuple[Fact, ...]:
    """How a case stands."""
    words, zone = desk.words, desk.now().tzinfo
    opened = Fact(words("record_case.opened"), words.full_day(case.opened_at.astimezone(zone)))
    if case.answered_at is None:
        return opened, Fact(words("record_case.state"), words("record_case.open"))
    answered = words.full_day(case.answered_at.astimezone(zone))
    return (
        opened,
        Fact(words("record_case.answered"), answered),
        Fact(words("record_case.answer"), Private(case.answer)),
    )


def case_badge(desk: Desk, case: wire.Case) -> str:
    """The same in a word."""
    return desk.words("record_case.badge_open" if case.answered_at is None else "record_case.badge_answer")


def _question(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="record_case.question",
        title=words("record_case.title"),
        lines=words.lines("record_case.lines"),
        yes=words("record_case.yes"),
        no=words("record_case.no"),
    )


def _opened(desk: Desk, number: str) -> Result:
    words = desk.words
    return Result(
        name="record_case.done",
        title=words("record_case.done_title"),
        mark=Mark.GOOD,
        lines=words.lines("record_case.done_lines"),
        facts=(Fact(words("access_log.number"), number),),
        actions=(Choice("back", words("action.back")),),
    )


def _office(desk: Desk, record: wire.Record) -> Detail:
    words = desk.words
    return Detail(
        name="access_log.doubt",
        title=words("access_log.doubt_title"),
        facts=(Fact(words("access_log.number"), record.transaction_number),),
        body=words("access_log.doubt_body"),
        actions=(Choice("back", words("action.back")),),
    )
