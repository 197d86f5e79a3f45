"""おしらせ: what municipalities, agencies and companies let in have sent."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import msgspec

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask_or_kept, working
from kiosk.flows.phone import hand_over
from kiosk.kept import Seen, as_of
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Row
from kiosk.words import Private, plain

HAND = "hand"


async def notices(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person goes back home. Raises Back, StartAgain."""
    loading = working(desk, "notices.loading", "notices.loading")
    listed = await ask_or_kept(desk, loading, desk.backend.notices, "notices")
    heads = {head.id: head for head in listed.value.notices}
    with suppress(Back):
        while True:
            head = heads[await desk.show(_list(desk, heads, listed.at))]
            with suppress(Back):
                notice = await _open(desk, head)
                heads[head.id] = msgspec.structs.replace(head, opened=True)
                await _read(desk, notice)
    return msgspec.structs.replace(person, unread_notices=sum(not head.opened for head in heads.values()))


async def _read(desk: Desk, notice: Seen[wire.Notice]) -> None:
    """Until the person goes back to the list."""
    while await desk.show(_detail(desk, notice)) == HAND:
        with suppress(Back):
            await hand_over(desk, _as_text(desk, notice.value))


async def _open(desk: Desk, head: wire.NoticeHead) -> Seen[wire.Notice]:
    """Opening is recorded, which can matter in law; then it is said first. Raises Back when left for later."""
    if head.legal_effect and not head.opened and not await desk.show(_warning(desk, head)):
        raise Back
    screen = working(desk, "notices.opening", "notices.opening")
    return await ask_or_kept(desk, screen, lambda: desk.backend.notice(head.id), f"notice {head.id}")


def _warning(desk: Desk, head: wire.NoticeHead) -> Confirm:
    words = desk.words
    return Confirm(
        name="notices.confirm",
        title=words("notices.confirm_title"),
        lines=words.lines("notices.confirm_lines", title=Private(head.title)),
        yes=words("notices.confirm_yes"),
        no=words("notices.confirm_no"),
    )


def _list(desk: Desk, heads: dict[str, wire.NoticeHead], at: datetime | None) -> ItemList:
    words = desk.words
    return ItemList(
        name="notices",
        title=words("notices.title"),
        rows=tuple(_row(desk, head) for head in heads.values()),
        corner=as_of(words, at) if at else words("notices.corner", count=len(heads)),
        empty=words("notices.empty"),
        preview_title=words("notices.preview"),
    )


def _row(desk: Desk, head: wire.NoticeHead) -> Row:
    words = desk.words
    day = words.day(head.arrived_at.astimezone(desk.now().tzinfo))
    return Row(
        key=head.id,
        title=Private(head.title),
        above=words("notices.above", day=day, sender=head.sender),
        below=words("notices.important") if head.legal_effect else "",
        badge="" if head.opened else words("notices.unread"),
        facts=_facts(desk, head),
        public=words("notices.from_sender", sender=head.sender),
    )


def _facts(desk: Desk, head: wire.NoticeHead) -> tuple[Fact, ...]:
    words = desk.words
    kind = words(f"notices.{head.sender_kind.value}")
    sender = words("notices.sender", sender=head.sender, kind=kind)
    arrived = words.moment(head.arrived_at, desk.now().tzinfo)
    return Fact(words("notices.from"), sender), Fact(words("notices.arrived"), arrived)


def _as_text(desk: Desk, notice: wire.Notice) -> str:
    facts = (f"{fact.label}: {fact.value}" for fact in _facts(desk, notice.head))
    return plain("\n".join((notice.head.title, *facts, "", *notice.summary, "", notice.body)))


def _detail(desk: Desk, seen: Seen[wire.Notice]) -> Detail:
    notice = seen.value
    hand = (Choice(HAND, desk.words("phone.hand")),) if "phone" in desk.profile.menu else ()
    return Detail(
        name="notices.notice",
        title=Private(notice.head.title),
        subtitle=as_of(desk.words, seen.at) if seen.at else "",
        facts=_facts(desk, notice.head),
        summary=tuple(map(Private, notice.summary)),
        body=Private(notice.body),
        actions=(Choice("back", desk.words("action.back")), *hand),
    )
