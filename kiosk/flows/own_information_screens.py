"""The screens of わたしの情報, and the same for paper and phone.

Whether a holder has anything tells about a person too: what has come is private, and only that nothing came is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import Enum

from backend_client import wire
from backend_client.own_information import OwnInformation
from kiosk import problems
from kiosk.desk import Desk
from kiosk.flows.taking_home import Goods
from kiosk.problems import Entry
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Mark, Result, Row, Working
from kiosk.words import Private, Text, plain, private

RETRY, HAND = "retry", "hand"
JAPANESE = ("ja", "ja_easy")


class State(Enum):
    """How it stands with one holder."""

    ASKING = "asking"
    HERE = "here"
    NOTHING = "nothing"
    """It has nothing about the person."""
    WITHHELD = "withheld"
    """No automatic answer; why, is not known here and not told."""
    FAILED = "failed"
    STOPPED = "stopped"
    """The person did not want to wait."""


ANSWERED = (State.HERE, State.NOTHING, State.WITHHELD)
"""Not told apart where others look on."""
UNANSWERED = (State.FAILED, State.STOPPED)


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """One holder, and what came of asking it."""

    holder: wire.OwnHolder
    state: State = State.ASKING
    answer: OwnInformation | None = None
    why: Entry | None = None
    """Of FAILED."""


def start(desk: Desk) -> Confirm:
    words = desk.words
    return Confirm(
        name="own_information.start",
        title=words("own_information.start_title"),
        lines=words.lines("own_information.start_lines"),
        yes=words("own_information.start_yes"),
        no=words("own_information.start_no"),
    )


def progress(desk: Desk, told: tuple[Told, ...]) -> Working:
    words = desk.words
    facts = tuple(Fact(_who(desk, one.holder), _progress(desk, one)) for one in told)
    return Working(
        name="own_information.asking",
        title=words("own_information.asking_title"),
        stop=words("action.stop"),
        facts=facts,
    )


def overview(desk: Desk, told: tuple[Told, ...]) -> ItemList:
    words = desk.words
    rows = [_row(desk, one) for one in told]
    if any(one.state in UNANSWERED for one in told):
        rows.append(Row(RETRY, words("own_information.retry_all"), below=words("own_information.retry_all_detail")))
    if any(one.state is State.HERE for one in told):
        rows.append(Row(HAND, words("own_information.hand"), below=words("own_information.hand_detail")))
    return ItemList(
        name="own_information",
        title=words("own_information.title"),
        rows=tuple(rows),
        corner=words("own_information.corner"),
        empty=words("own_information.empty"),
    )


def one(desk: Desk, told: Told) -> Detail | Result:
    """What one holder has, or why that is not here."""
    if told.state in UNANSWERED:
        return _unanswered(desk, told)
    return _without(desk, told) if told.answer is None or not told.answer.payload else _whole(desk, told, told.answer)


def sure(desk: Desk, count: int) -> Confirm:
    words = desk.words
    return Confirm(
        name="own_information.sure",
        title=words("own_information.sure_title", count=count),
        lines=words.lines("own_information.sure_lines"),
        yes=words("own_information.sure_yes"),
        no=words("own_information.sure_no"),
        mark=Mark.CARE,
        here_only=True,
    )


def cleared(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="own_information.cleared",
        title=words("own_information.cleared_title"),
        mark=Mark.GOOD,
        lines=words.lines("own_information.cleared_lines"),
        actions=(Choice("back", words("action.back")),),
    )


def goods(desk: Desk, here: tuple[Told, ...]) -> Goods:
    """All that is here, on paper and as a text."""
    title = plain(desk.words("own_information.paper_title", day=desk.words.full_day(desk.now())))
    parts = tuple(_part(desk, one, one.answer) for one in here if one.answer is not None)
    text = "\n\n".join((title, *("\n".join((heading, *lines)) for heading, lines in parts)))

    def pdf() -> bytes:
        from backend_client.sheets import make_sheet

        return make_sheet(title, parts)

    return Goods(text=text, pdf=pdf)


# --- parts ------------------------------------------------------------------------------------------------------------


def _row(desk: Desk, told: Told) -> Row:
    state = desk.words(f"own_information.{told.state.value}")
    return Row(
        key=told.holder.law,
        title=_what(desk, told.holder),
        above=_who(desk, told.holder),
        below=_age(desk, told.answer) if told.answer is not None else "",
        badge=private(state) if told.state in ANSWERED else state,
    )


def _progress(desk: Desk, told: Told) -> Text:
    state = State.HERE if told.state in ANSWERED else told.state
    return desk.words(f"own_information.{state.value}")


def _age(desk: Desk, answer: OwnInformation) -> str:
    """Of when it is; private, for where there is none there is nothing."""
    day = answer.data_as_of
    return "" if day is None else private(desk.words("own_information.as_of", day=desk.words.full_day(day)))


def _whole(desk: Desk, told: Told, answer: OwnInformation) -> Detail:
    words = desk.words
    return Detail(
        name="own_information.one",
        title=_what(desk, told.holder),
        subtitle=words("own_information.from", who=_who(desk, told.holder)),
        summary=(_age(desk, answer),),
        facts=tuple(Fact(label, Private(_said(desk, value))) for label, value in answer.payload.items()),
        actions=(Choice("back", words("action.back")), Choice(HAND, words("own_information.hand"))),
    )


def _without(desk: Desk, told: Told) -> Detail:
    words, key = desk.words, f"own_information.{told.state.value}"
    return Detail(
        name=key,
        title=_what(desk, told.holder),
        subtitle=words("own_information.from", who=_who(desk, told.holder)),
        summary=tuple(private(line) for line in words.lines(f"{key}_lines")),
        actions=(Choice("back", words("action.back")),),
    )


def _unanswered(desk: Desk, told: Told) -> Result:
    words, why = desk.words, told.why
    key = "stopped" if why is None else "line" if why is problems.UNREACHABLE else "failed"
    code = () if why is None else (Fact(words("own_information.code"), why.code),)
    return Result(
        name="own_information.unanswered",
        title=words("own_information.unanswered_title"),
        mark=Mark.CARE,
        lines=words.lines(f"own_information.{key}_lines", who=_who(desk, told.holder)),
        facts=code,
        actions=(Choice(RETRY, words("own_information.retry")), Choice("back", words("action.back"))),
    )


def _part(desk: Desk, told: Told, answer: OwnInformation) -> tuple[str, tuple[str, ...]]:
    """Heading and lines, without the marks of readings."""
    heading = desk.words("own_information.paper_part", what=_what(desk, told.holder), who=_who(desk, told.holder))
    return plain(heading), tuple(map(plain, _lines(desk, answer)))


def _lines(desk: Desk, answer: OwnInformation) -> Iterator[str]:
    yield _age(desk, answer)
    for label, value in answer.payload.items():
        yield f"{label}　{_said(desk, value)}"


def _said(desk: Desk, value: str) -> str:
    """Days travel as 2026-11-21; people read them otherwise. All else is the holder's own word."""
    with suppress(ValueError):
        return desk.words.full_day(date.fromisoformat(value))
    return value


def _who(desk: Desk, holder: wire.OwnHolder) -> str:
    return (holder.holder_english if desk.words.language not in JAPANESE else "") or holder.holder


def _what(desk: Desk, holder: wire.OwnHolder) -> str:
    if desk.words.language == "ja":
        return holder.kind
    return (holder.kind_easy if desk.words.language in JAPANESE else holder.kind_english) or holder.kind
