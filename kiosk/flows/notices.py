"""おしらせ: what municipalities, agencies and companies let in have sent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import msgspec

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask_or_kept, working
from kiosk.flows.notice_deeds import ACT, MORE, after_reading, answer_action, shared_notice
from kiosk.flows.phone import hand_over
from kiosk.kept import Seen, as_of
from kiosk.screens import Choice, Confirm, Detail, Fact, ItemList, Row
from kiosk.words import Private, Text, plain

HAND, SHARED = "hand", "shared"
HEAVY = (wire.Weight.IMPORTANT, wire.Weight.URGENT)


async def notices(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Returns when the person goes back home. Raises Back, StartAgain."""
    loading = working(desk, "notices.loading", "notices.loading")
    listed = await ask_or_kept(desk, loading, desk.backend.notices, "notices")
    heads = {head.id: head for head in listed.value.notices}
    with suppress(Back):
        while True:
            chosen = await desk.show(_list(desk, heads, listed.at))
            with suppress(Back):
                if chosen == SHARED:
                    await desk.show(_detail(desk, Seen(await shared_notice(desk)), own=False))
                else:
                    await _read_own(desk, heads, chosen)
    return msgspec.structs.replace(person, unread_notices=sum(not head.opened for head in heads.values()))


async def _read_own(desk: Desk, heads: dict[str, wire.NoticeHead], notice_id: str) -> None:
    """Open one and keep the list up to date with what is done with it. Raises Back."""
    seen = await _open(desk, heads[notice_id])
    if seen.at is None:
        heads[notice_id] = seen.value.head
    while (answer := await desk.show(_detail(desk, seen))) != "back":
        with suppress(Back):
            if answer == HAND:
                await hand_over(desk, _as_text(desk, seen.value))
            elif answer == ACT:
                await answer_action(desk, seen.value)
            else:
                seen = replace(seen, value=await after_reading(desk, seen.value))
                heads[notice_id] = seen.value.head


async def _open(desk: Desk, head: wire.NoticeHead) -> Seen[wire.Notice]:
    """Opening is recorded, which can matter in law; then it is said first. Raises Back when left for later."""
    if head.receipt and not head.opened and not await desk.show(_warning(desk, head)):
        raise Back
    screen = working(desk, "notices.opening", "notices.opening")
    return await ask_or_kept(desk, screen, lambda: desk.backend.notice(head.id), f"notice {head.id}")


# --- screens ----------------------------------------------------------------------------------------------------------


def _warning(desk: Desk, head: wire.NoticeHead) -> Confirm:
    words, face = desk.words, "confirm" if head.legal_effect else "receipt"
    return Confirm(
        name=f"notices.{face}",
        title=words(f"notices.{face}_title"),
        lines=words.lines(f"notices.{face}_lines", title=Private(head.title), sender=head.sender),
        yes=words("notices.confirm_yes"),
        no=words("notices.confirm_no"),
    )


def _list(desk: Desk, heads: dict[str, wire.NoticeHead], at: datetime | None) -> ItemList:
    words = desk.words
    shared = Row(SHARED, words("notices.shared"), below=words("notices.shared_detail"))
    return ItemList(
        name="notices",
        title=words("notices.title"),
        rows=(*(_row(desk, head) for head in heads.values()), shared),
        corner=_corner(desk, heads, at),
        preview_title=words("notices.preview"),
    )


def _corner(desk: Desk, heads: dict[str, wire.NoticeHead], at: datetime | None) -> Text:
    if at is not None:
        return as_of(desk.words, at)
    return desk.words("notices.corner", count=len(heads)) if heads else desk.words("notices.empty")


def _row(desk: Desk, head: wire.NoticeHead) -> Row:
    words = desk.words
    day = words.day(head.arrived_at.astimezone(desk.now().tzinfo))
    return Row(
        key=head.id,
        title=Private(head.title),
        above=words("notices.above", day=day, sender=head.sender),
        below=_below(desk, head),
        badge=_badge(desk, head),
        facts=_facts(desk, head),
        public=words("notices.from_sender", sender=head.sender),
    )


def _below(desk: Desk, head: wire.NoticeHead) -> str:
    """What weighs, and until when; the term weighs most."""
    if head.reply_by is not None:
        return desk.words("notices.until", until=_day(desk, head))
    return desk.words("notices.important") if head.legal_effect or head.weight in HEAVY else ""


def _day(desk: Desk, head: wire.NoticeHead) -> str:
    assert head.reply_by is not None, "asked only of one with a term"  # noqa: S101
    return desk.words.day(head.reply_by.astimezone(desk.now().tzinfo))


def _badge(desk: Desk, head: wire.NoticeHead) -> str:
    if not head.opened:
        return desk.words("notices.unread")
    return "" if head.mark is wire.NoticeMark.NONE else desk.words(f"notices.mark_{head.mark.value}")


def _facts(desk: Desk, head: wire.NoticeHead) -> tuple[Fact, ...]:
    words = desk.words
    kind = words(f"notices.{head.sender_kind.value}")
    sender = words("notices.sender", sender=head.sender, kind=kind)
    arrived = words.moment(head.arrived_at, desk.now().tzinfo)
    term = () if head.reply_by is None else (Fact(words("notices.term"), _day(desk, head)),)
    return Fact(words("notices.from"), sender), Fact(words("notices.arrived"), arrived), *term


def _as_text(desk: Desk, notice: wire.Notice) -> str:
    facts = (f"{fact.label}: {fact.value}" for fact in _facts(desk, notice.head))
    return plain("\n".join((notice.head.title, *facts, "", *notice.summary, "", notice.body)))


def _detail(desk: Desk, seen: Seen[wire.Notice], *, own: bool = True) -> Detail:
    notice = seen.value
    return Detail(
        name="notices.notice",
        title=Private(notice.head.title),
        subtitle=as_of(desk.words, seen.at) if seen.at else "",
        facts=_facts(desk, notice.head),
        summary=tuple(map(Private, notice.summary)),
        body=Private(notice.body),
        actions=(Choice("back", desk.words("action.back")), *(_deeds(desk, notice) if own else ())),
    )


def _deeds(desk: Desk, notice: wire.Notice) -> tuple[Choice, ...]:
    action, words = notice.action, desk.words
    act = () if action is None else (Choice(ACT, words(f"notices.do_{action.action_code.value}")),)
    hand = (Choice(HAND, words("phone.hand")),) if desk.profile.offers("phone") else ()
    return *act, *hand, Choice(MORE, words("notices.more"))
