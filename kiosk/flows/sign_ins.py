"""ご利用の記録: when and where the folder was entered, and 心当たりがない, which blocks it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from backend_client import wire
from kiosk.desk import Back, Desk, VisitOver
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Fact, ItemList, Mark, Menu, Result, Row

HISTORY, UNKNOWN, MORE = "history", "unknown", "more"


async def sign_ins(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the last visit is known. Raises Back, StartAgain, and VisitOver when the folder is blocked."""
    while (answer := await desk.show(_last(desk, person.last_sign_in))) != "back":
        with suppress(Back):
            if answer == HISTORY:
                await _history(desk)
            else:
                await _block(desk, person.last_sign_in)
    return person


async def _history(desk: Desk) -> None:
    """Fetched page by page; a row that is chosen is one the person does not know. Raises Back."""
    known: list[wire.LastSignIn] = []
    page, more = 0, True
    chosen = MORE
    while True:
        if chosen == MORE:
            screen = working(desk, "sign_ins.loading", "sign_ins.loading")
            found = await ask(desk, screen, partial(desk.backend.sign_ins, page))
            known, page, more = [*known, *found.sign_ins], page + 1, found.more
        else:
            with suppress(Back):
                await _block(desk, known[int(chosen)])
        chosen = await desk.show(_list(desk, known, more))


async def _block(desk: Desk, which: wire.LastSignIn | None) -> None:
    """Ask first; what was blocked only the counter opens. Raises Back, or VisitOver when it is done."""
    if not await desk.show(_sure(desk, which)):
        raise Back
    await ask(desk, working(desk, "sign_ins.blocking", "sign_ins.blocking"), desk.backend.block)
    with suppress(Back):
        await desk.show(_blocked(desk))
    raise VisitOver


# --- screens ----------------------------------------------------------------------------------------------------------


def _when(desk: Desk, one: wire.LastSignIn) -> str:
    return desk.words.moment(one.at, desk.now().tzinfo)


def _last(desk: Desk, last: wire.LastSignIn | None) -> Menu:
    words = desk.words
    known = Choice("back", words("sign_ins.known" if last else "action.back"))
    unknown = () if last is None else (Choice(UNKNOWN, words("sign_ins.unknown"), words("sign_ins.unknown_detail")),)
    return Menu(
        name="sign_ins.last",
        title=words("home.last", when=_when(desk, last), place=last.place) if last else words("home.first"),
        choices=(known, Choice(HISTORY, words("sign_ins.history")), *unknown),
    )


def _where(desk: Desk, one: wire.LastSignIn) -> Fact:
    return Fact(desk.words("sign_ins.where"), one.place)


def _list(desk: Desk, known: list[wire.LastSignIn], more: bool) -> ItemList:
    words = desk.words
    rows = tuple(
        Row(str(n), _when(desk, one), below=one.place, facts=(_where(desk, one),)) for n, one in enumerate(known)
    )
    return ItemList(
        name="sign_ins.history",
        title=words("sign_ins.history"),
        rows=(*rows, Row(MORE, words("sign_ins.more"))) if more else rows,
        empty=words("home.first"),
        corner=words("sign_ins.choose"),
        preview_title=words("sign_ins.preview"),
    )


def _sure(desk: Desk, which: wire.LastSignIn | None) -> Confirm:
    words = desk.words
    lines = words.lines("sign_ins.sure_lines")
    one = () if which is None else (words("sign_ins.sure_which", when=_when(desk, which), place=which.place),)
    return Confirm(
        name="sign_ins.sure",
        title=words("sign_ins.sure_title"),
        lines=(*one, *lines),
        yes=words("sign_ins.sure_yes"),
        no=words("sign_ins.sure_no"),
        mark=Mark.CARE,
    )


def _blocked(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="sign_ins.blocked",
        title=words("sign_ins.blocked_title"),
        mark=Mark.CARE,
        lines=words.lines("sign_ins.blocked_lines"),
        actions=(Choice("over", words("action.over")),),
    )
