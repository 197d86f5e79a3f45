"""だれが見た？: every exchange of the person's information, as a sentence and as its six items."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from backend_client import wire
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask_or_kept, working
from kiosk.kept import as_of
from kiosk.screens import Choice, Detail, Fact, ItemList, Row
from kiosk.words import Private

DOUBT = "doubt"


async def access_log(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    loading = working(desk, "access_log.loading", "access_log.loading")
    seen = await ask_or_kept(desk, loading, desk.backend.records, "records")
    told = seen.value.records
    while True:
        record = told[int(await desk.show(_list(desk, told, seen.at)))]
        with suppress(Back):
            await _read(desk, record)


async def _read(desk: Desk, told: wire.RecordSentence) -> None:
    while await desk.show(_detail(desk, told)) == DOUBT:
        with suppress(Back):
            await desk.show(_doubt(desk, told.record))


def _list(desk: Desk, told: tuple[wire.RecordSentence, ...], at: datetime | None) -> ItemList:
    words = desk.words
    return ItemList(
        name="access_log",
        title=words("access_log.title"),
        rows=tuple(_row(desk, str(number), one) for number, one in enumerate(told)),
        corner=as_of(words, at) if at else words("access_log.corner", count=len(told)),
        empty=words("access_log.empty"),
        preview_title=words("access_log.preview"),
    )


def _row(desk: Desk, key: str, told: wire.RecordSentence) -> Row:
    return Row(
        key=key,
        title=Private(told.sentence),
        above=desk.words.day(told.record.at.astimezone(desk.now().tzinfo)),
        below=_reason(desk, told),
        facts=_facts(desk, told.record),
        public=desk.words("access_log.by", who=told.record.requester),
    )


def _facts(desk: Desk, record: wire.Record) -> tuple[Fact, ...]:
    words = desk.words
    at = record.at.astimezone(desk.now().tzinfo)
    return (
        Fact(words("access_log.when"), words("when.day_clock", day=words.full_day(at), clock=words.clock(at))),
        Fact(words("access_log.who"), record.requester),
        Fact(words("access_log.whence"), record.provider),
        Fact(words("access_log.what"), Private(record.kind)),
        Fact(words("access_log.basis"), Private(record.basis)),
        Fact(words("access_log.number"), record.transaction_number),
    )


def _reason(desk: Desk, told: wire.RecordSentence) -> str:
    return desk.words("access_log.reason", reason=Private(told.reason))


def _detail(desk: Desk, told: wire.RecordSentence) -> Detail:
    words = desk.words
    return Detail(
        name="access_log.record",
        title=words("access_log.preview"),
        summary=(Private(told.sentence), _reason(desk, told)),
        facts=_facts(desk, told.record),
        actions=(Choice("back", words("action.back")), Choice(DOUBT, words("access_log.doubt"))),
    )


def _doubt(desk: Desk, record: wire.Record) -> Detail:
    """Whom to ask, and the one number that finds the record there."""
    words = desk.words
    return Detail(
        name="access_log.doubt",
        title=words("access_log.doubt_title"),
        facts=(Fact(words("access_log.number"), record.transaction_number),),
        body=words("access_log.doubt_body"),
        actions=(Choice("back", words("action.back")),),
    )
