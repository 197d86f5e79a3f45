"""電子私書箱: certificates as signed data, checked here before they are shown, sent on with their holder's word."""

from __future__ import annotations

from contextlib import suppress

from backend_client import wire
from backend_client.statements import NotGenuine, check_statement
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, working
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Mark, Menu, Result, Row
from kiosk.words import Private

SEND = "send"


async def post_box(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    while True:
        screen = working(desk, "post_box.loading", "post_box.loading")
        box = await ask(desk, screen, desk.backend.post_box)
        items = {item.id: (item, _checked(item)) for item in box.items}
        item, statement = items[await desk.show(_list(desk, items))]
        with suppress(Back):
            await _read(desk, box, item, statement)


async def _read(desk: Desk, box: wire.PostList, item: wire.PostItem, statement: wire.Statement | None) -> None:
    """Returns when it was read or sent on. What is not genuine is not shown. Raises Back."""
    if statement is None:
        await desk.show(_not_genuine(desk))
    elif await desk.show(_detail(desk, box, item, statement)) == SEND:
        await _send(desk, box, item, statement)


async def _send(desk: Desk, box: wire.PostList, item: wire.PostItem, statement: wire.Statement) -> None:
    receiver = await desk.show(_whom(desk, box))
    name = dict(box.receivers)[receiver]
    if not await desk.show(_consent(desk, statement, name)):
        return
    screen = working(desk, "post_box.sending", "post_box.sending")
    await ask(desk, screen, lambda: desk.backend.send_on(wire.SendOn(item=item.id, receiver=receiver)))
    await desk.show(_sent(desk, name))


def _checked(item: wire.PostItem) -> wire.Statement | None:
    """What it says; None when its issuer has not signed that."""
    try:
        return check_statement(item)
    except NotGenuine:
        return None


# --- screens ----------------------------------------------------------------------------------------------------------


def _list(desk: Desk, items: dict[str, tuple[wire.PostItem, wire.Statement | None]]) -> ItemList:
    words = desk.words
    return ItemList(
        name="post_box",
        title=words("post_box.title"),
        rows=tuple(_row(desk, item, statement) for item, statement in items.values()),
        corner=words("post_box.corner", count=len(items)),
        empty=words("post_box.empty"),
        preview_title=words("post_box.preview"),
    )


def _row(desk: Desk, item: wire.PostItem, statement: wire.Statement | None) -> Row:
    words = desk.words
    day = words.day(item.arrived_at.astimezone(desk.now().tzinfo))
    if statement is None:
        return Row(key=item.id, title=words("post_box.wrong_title"), above=day, badge=words("post_box.wrong"))
    return Row(
        key=item.id,
        title=Private(statement.title),
        above=words("notices.above", day=day, sender=statement.issuer_name),
        badge=words("post_box.old") if _is_over(desk, statement) else "",
        facts=_facts(desk, statement),
        public=words("post_box.from", issuer=statement.issuer_name),
    )


def _is_over(desk: Desk, statement: wire.Statement) -> bool:
    return desk.now() > statement.valid_until


def _facts(desk: Desk, statement: wire.Statement) -> tuple[Fact, ...]:
    words, zone = desk.words, desk.now().tzinfo
    genuine = words("post_box.genuine", issuer=statement.issuer_name)
    valid = words.full_day(statement.valid_until.astimezone(zone))
    if _is_over(desk, statement):
        valid = words("post_box.over", day=valid)
    return (
        Fact(words("post_box.proof"), genuine),
        Fact(words("post_box.valid"), valid),
        Fact(words("post_box.holder"), Private(statement.holder)),
        *(Fact(fact.label, Private(fact.value)) for fact in statement.facts),
    )


def _detail(desk: Desk, box: wire.PostList, item: wire.PostItem, statement: wire.Statement) -> Detail:
    words, names = desk.words, dict(box.receivers)
    sent = tuple(Fact(words("post_box.sent_to"), names.get(one, one)) for one in item.sent_to)
    send = () if _is_over(desk, statement) else (Choice(SEND, words("post_box.send")),)
    return Detail(
        name="post_box.certificate",
        title=Private(statement.title),
        facts=(*_facts(desk, statement), *sent),
        actions=(Choice("back", words("action.back")), *send),
    )


def _whom(desk: Desk, box: wire.PostList) -> Menu:
    choices = tuple(Choice(receiver, name) for receiver, name in box.receivers)
    return Menu(name="post_box.whom", title=desk.words("post_box.whom_title"), choices=choices, back=True)


def _consent(desk: Desk, statement: wire.Statement, name: str) -> Confirm:
    words = desk.words
    return Confirm(
        name="post_box.consent",
        title=words("post_box.consent_title", receiver=name),
        lines=words.lines("post_box.consent_lines", title=statement.title),  # nobody agrees to what is hidden
        yes=words("post_box.consent_yes"),
        no=words("post_box.consent_no"),
        here_only=True,
    )


def _sent(desk: Desk, name: str) -> Result:
    words = desk.words
    return Result(
        name="post_box.sent",
        title=words("post_box.sent_title", receiver=name),
        mark=Mark.GOOD,
        actions=(Choice("back", words("action.back")),),
    )


def _not_genuine(desk: Desk) -> Result:
    words = desk.words
    return Result(
        name="post_box.not_genuine",
        title=words("post_box.wrong_title"),
        mark=Mark.BAD,
        lines=words.lines("post_box.wrong_lines"),
        actions=(Choice("back", words("action.back")),),
    )
