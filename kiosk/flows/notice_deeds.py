"""What a person does with a notice: what it asks for, its attachments, later or keep, and showing it to the family."""

from __future__ import annotations

from base64 import b64decode
from functools import partial

import msgspec

from backend_client import wire
from backend_client.errors import Refused
from kiosk.desk import Desk
from kiosk.flows.asking import ask, working
from kiosk.flows.move import draft_of, tell_of
from kiosk.screens import Choice, Confirm, Detail, Digits, Fact, Mark, Menu, Result
from kiosk.words import Private

ACT, MORE = "act", "more"
SHARE, DOCUMENT = "share", "document "


async def answer_action(desk: Desk, notice: wire.Notice) -> None:
    """Say what is asked and until when; an application begins here. Raises Back."""
    action = notice.action
    assert action is not None, "offered only where there is one"  # noqa: S101
    chosen = await desk.show(_asked(desk, action))
    if chosen == ACT:
        await tell_of(desk, action.entry_point, await draft_of(desk, action.entry_point))


async def after_reading(desk: Desk, notice: wire.Notice) -> wire.Notice:
    """One deed of the menu; gives the notice with its new mark. Raises Back."""
    chosen = await desk.show(_menu(desk, notice))
    if chosen == SHARE:
        await _share(desk, notice)
    elif chosen.startswith(DOCUMENT):
        await _document(desk, notice, int(chosen.removeprefix(DOCUMENT)))
    else:
        return await _mark(desk, notice, wire.NoticeMark(chosen))
    return notice


async def _mark(desk: Desk, notice: wire.Notice, mark: wire.NoticeMark) -> wire.Notice:
    """The mark that is on is taken off by the same choice."""
    mark = wire.NoticeMark.NONE if notice.head.mark is mark else mark
    message = wire.MarkNotice(notice=notice.head.id, mark=mark)
    await ask(desk, working(desk, "notices.marking", "notices.marking"), lambda: desk.backend.mark_notice(message))
    return msgspec.structs.replace(notice, head=msgspec.structs.replace(notice.head, mark=mark))


async def _share(desk: Desk, notice: wire.Notice) -> None:
    """Default no: who has the code reads the notice. Raises Back."""
    if not await desk.show(_may_share(desk, notice)):
        return
    message = wire.ShareNotice(notice=notice.head.id)
    screen = working(desk, "notices.sharing", "notices.sharing")
    await desk.show(_code(desk, await ask(desk, screen, lambda: desk.backend.share_notice(message))))


async def _document(desk: Desk, notice: wire.Notice, number: int) -> None:
    """A text is shown; what this screen cannot show is named, and where it can be had."""
    if notice.documents[number].encoding_format is not wire.DocumentFormat.TEXT:
        await desk.show(_not_here(desk, notice.documents[number]))
        return
    screen = working(desk, "notices.opening", "notices.opening")
    found = await ask(desk, screen, lambda: desk.backend.notice_document(notice.head.id, number))
    await desk.show(_text(desk, found))


async def shared_notice(desk: Desk) -> wire.Notice:
    """Ask for the family's code until one is right. Raises Back."""
    screen = working(desk, "notices.opening", "notices.opening")
    while True:
        message = wire.SharedNotice(code=await desk.show(_which_code(desk)))
        found = await ask(desk, screen, partial(_found, desk, message))
        if found is not None:
            return found
        await desk.show(_wrong_code(desk))


async def _found(desk: Desk, message: wire.SharedNotice) -> wire.Notice | None:
    try:
        return await desk.backend.shared_notice(message)
    except Refused as refused:
        if refused.code != "not_found":
            raise
        return None


# --- screens ----------------------------------------------------------------------------------------------------------


def _asked(desk: Desk, action: wire.NoticeAction) -> Result:
    words = desk.words
    until = () if action.until is None else (Fact(words("notices.term"), _moment(desk, action)),)
    applies = action.action_code is wire.ActionCode.APPLY and action.entry_point and desk.profile.offers("procedures")
    begin = (Choice(ACT, words("notices.begin")),) if applies else ()
    return Result(
        name="notices.asked",
        title=Private(action.label),
        mark=Mark.NONE,
        lines=words.lines(f"notices.how_{action.action_code.value}"),
        facts=until,
        actions=(*begin, Choice("back", words("action.back"))),
    )


def _moment(desk: Desk, action: wire.NoticeAction) -> str:
    assert action.until is not None, "asked only of one with a term"  # noqa: S101
    return desk.words.moment(action.until, desk.now().tzinfo)


def _menu(desk: Desk, notice: wire.Notice) -> Menu:
    words, head = desk.words, notice.head
    marks = (mark for mark in wire.NoticeMark if mark is not wire.NoticeMark.NONE)
    deeds = (Choice(m.value, words(f"notices.{'undo' if head.mark is m else 'do'}_{m.value}")) for m in marks)
    documents = (
        Choice(f"{DOCUMENT}{number}", Private(one.filename), words("notices.document"))
        for number, one in enumerate(notice.documents)
    )
    return Menu(
        name="notices.more",
        title=words("notices.more_title"),
        choices=(*deeds, Choice(SHARE, words("notices.share"), words("notices.share_detail")), *documents),
        back=True,
    )


def _may_share(desk: Desk, notice: wire.Notice) -> Confirm:
    words = desk.words
    return Confirm(
        name="notices.may_share",
        title=words("notices.may_share_title"),
        lines=words.lines("notices.may_share_lines", title=Private(notice.head.title)),
        yes=words("notices.may_share_yes"),
        no=words("notices.may_share_no"),
        here_only=True,
    )


def _code(desk: Desk, share: wire.NoticeShare) -> Result:
    words = desk.words
    return Result(
        name="notices.code",
        title=words("notices.code_title", code=Private(f"{share.code[:4]} {share.code[4:]}")),
        mark=Mark.NONE,
        lines=words.lines("notices.code_lines"),
        facts=(Fact(words("notices.term"), words.moment(share.until, desk.now().tzinfo)),),
        actions=(Choice("back", words("action.back")),),
    )


def _not_here(desk: Desk, document: wire.DocumentHead) -> Result:
    words = desk.words
    return Result(
        name="notices.not_here",
        title=words("notices.not_here_title"),
        mark=Mark.NONE,
        lines=words.lines("notices.not_here_lines"),
        facts=(Fact(words("notices.document"), Private(document.filename)),),
        actions=(Choice("back", words("action.back")),),
    )


def _text(desk: Desk, document: wire.Document) -> Detail:
    """Whatever its bytes are, they are shown as text and as nothing else."""
    return Detail(
        name="notices.document",
        title=Private(document.filename),
        body=Private(b64decode(document.content).decode(errors="replace")),
        actions=(Choice("back", desk.words("action.back")),),
    )


def _which_code(desk: Desk) -> Digits:
    words = desk.words
    hint = words("notices.which_hint")
    return Digits(
        name="notices.which", title=words("notices.which_title"), hint=hint, length_min=8, pattern="#### ####"
    )


def _wrong_code(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="notices.wrong_code",
        title=words("notices.wrong_title"),
        mark=Mark.CARE,
        lines=words.lines("notices.wrong_lines"),
        actions=(Choice("again", words("action.again")),),
    )
