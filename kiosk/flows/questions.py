"""The questions of a life event, each asked as its kind is, by arrows, OK and digits alone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.along import certificates, in_words
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Digits, ItemList, Mark, Menu, Result, Row

OTHER = "other"
NEARBY = {"0": "move.today", "1": "move.tomorrow", "7": "move.in_a_week"}
"""Days offered by name, counted from today."""


async def answer(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> str:
    """Ask one question; the answer is as the wire has it. Raises Back."""
    if question.kind is wire.QuestionKind.DAY:
        return (await _day(desk, question, steps)).isoformat()
    if question.kind is wire.QuestionKind.PLACE:
        return await _place(desk, question, steps)
    if question.kind is wire.QuestionKind.CERTIFICATES:
        return await certificates(desk, question, steps)
    choices = tuple(Choice(option.id, option.title) for option in question.options)
    return await desk.show(_menu(f"move.{question.id}", question.title, choices, steps))


def said(desk: Desk, question: wire.Question, given: str) -> str:
    """An answer, in words for people. Not hidden from company: it was typed in the open, and is about to be signed."""
    if question.kind is wire.QuestionKind.DAY:
        return desk.words.full_day(date.fromisoformat(given))
    if question.kind is wire.QuestionKind.CHOICE:
        return next(option.title for option in question.options if option.id == given)
    if question.kind is wire.QuestionKind.CERTIFICATES:
        return in_words(desk, given)
    return given


# --- a day ------------------------------------------------------------------------------------------------------------


async def _day(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> date:
    today = desk.now().date()
    near = (Choice(n, desk.words.day(today + timedelta(days=int(n))), desk.words(key)) for n, key in NEARBY.items())
    other = Choice(OTHER, desk.words("move.other_day"), desk.words("move.other_day_detail"))
    chosen = await desk.show(_menu(f"move.{question.id}", question.title, (*near, other), steps))
    if chosen != OTHER:
        return today + timedelta(days=int(chosen))
    return await _typed_day(desk, question, steps, today)


async def _typed_day(desk: Desk, question: wire.Question, steps: tuple[str, ...], today: date) -> date:
    while True:
        typed = await desk.show(
            Digits(
                name="move.typed_day",
                title=question.title,
                hint=desk.words("move.day_hint"),
                length_min=4,
                length_max=4,
                pattern="##/##",
                steps=steps,
            )
        )
        day = nearest(int(typed[:2]), int(typed[2:]), today)
        if day is not None:
            return day
        await desk.show(_no_such(desk, "move.no_day", "move.no_day_title", "move.no_day_lines"))


def nearest(month: int, day: int, today: date) -> date | None:
    """The day of that name that is nearest to today; None where the calendar has none."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs(one - today), default=None)


# --- a place ----------------------------------------------------------------------------------------------------------


async def _place(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> str:
    """Postcode, town, house number; 戻る goes one of them back."""
    while True:
        postcode = await desk.show(_postcode(desk, question, steps))
        screen = working(desk, "move.looking_up", "move.looking_up")
        towns = (await ask(desk, screen, partial(desk.backend.towns, postcode))).towns
        if not towns:
            await desk.show(_no_such(desk, "move.no_postcode", "move.no_postcode_title", "move.no_postcode_lines"))
            continue
        try:
            town = towns[int(await desk.show(_towns(desk, towns, steps)))]
            return f"〒{postcode} {town} {await _house(desk, town, steps)}"
        except Back:
            continue


async def _house(desk: Desk, town: str, steps: tuple[str, ...]) -> str:
    words = desk.words
    title = words("move.block_title", town=town)
    block = await desk.show(_number("move.block", title, words("move.block_hint"), steps))
    house = await desk.show(_number("move.house", words("move.house_title"), words("move.house_hint"), steps))
    return f"{int(block)}-{int(house)}" if int(house) else f"{int(block)}"


def _postcode(desk: Desk, question: wire.Question, steps: tuple[str, ...]) -> Digits:
    words = desk.words
    return Digits(
        name="move.postcode",
        title=words("move.postcode_title"),
        hint=words("move.postcode_hint"),
        length_min=7,
        length_max=7,
        pattern="###-####",
        steps=steps,
    )


def _number(name: str, title: str, hint: str, steps: tuple[str, ...]) -> Digits:
    return Digits(name=name, title=title, hint=hint, length_min=1, length_max=4, steps=steps)


def _towns(desk: Desk, towns: tuple[str, ...], steps: tuple[str, ...]) -> ItemList:
    words = desk.words
    rows = tuple(Row(key=str(number), title=town) for number, town in enumerate(towns))
    return ItemList(name="move.town", title=words("move.town_title"), rows=rows, steps=steps)


def _no_such(desk: Desk, name: str, title: str, lines: str) -> Result:
    """`title` and `lines` are keys of the words."""
    words = desk.words
    return Result(
        name=name,
        title=words(title),
        mark=Mark.CARE,
        lines=words.lines(lines),
        actions=(Choice("again", words("action.again")),),
    )


def _menu(name: str, title: str, choices: tuple[Choice, ...], steps: tuple[str, ...]) -> Menu:
    return Menu(name=name, title=title, choices=choices, steps=steps, back=True)
