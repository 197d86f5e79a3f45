"""だれが見た？: every exchange of the person's information, and what hospitals did, as sentences with their items.

By pages, for there may be thousands; by month; by who looked. What hospitals did comes from another body in one piece
and is put in where it belongs.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from backend_client import wire
from backend_client.errors import BackendError
from kiosk.desk import Back, Desk
from kiosk.flows.asking import ask, ask_or_kept, working
from kiosk.flows.record_case import ask_at_office, case_badge, case_facts, open_case
from kiosk.flows.record_proof import check_record
from kiosk.kept import Seen, as_of
from kiosk.screens import Choice, Detail, Fact, ItemList, Menu, Row
from kiosk.words import Private, Text

DOUBT, CHECK = "doubt", "check"
OLDER, CHOOSE = "older", "choose"
MONTHS, AGENCIES, EVERYTHING = "months", "agencies", "everything"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is there beside the gateway's records."""

    care: tuple[wire.RecordSentence, ...]
    whole: bool
    """False while the hospitals' part cannot be had; that is said, for a list with a hole looks like a list without."""
    cases: dict[str, wire.Case]
    """By transaction number."""

    def within(self, excerpt: Excerpt, newest: datetime | None, oldest: datetime | None) -> list[wire.RecordSentence]:
        """Of what hospitals did, what belongs between two moments."""
        return [
            one
            for one in self.care
            if excerpt.has(one.record)
            and (newest is None or one.record.at < newest)
            and (oldest is None or one.record.at >= oldest)
        ]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Which records are shown; all of them without a month or an agency."""

    month: str | None = None
    agency: wire.AgencyCount | None = None

    def has(self, record: wire.Record) -> bool:
        """Whether a record that the gateway did not choose belongs to it."""
        return self.month is None and (self.agency is None or self.agency.name == record.requester)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins."""

    cursor: int | None = None
    newest: datetime | None = None
    """The moment of the record before it; None on the first page."""
    number: int = 1
    """Of its first record."""


@dataclass(frozen=True, slots=True)
class Told:
    """One page, newest first."""

    records: tuple[wire.RecordSentence, ...]
    place: Place
    next: Place | None


async def access_log(desk: Desk, person: wire.SignedIn) -> wire.SignedIn:
    """Never returns by itself: raises Back when the person goes home, StartAgain."""
    loading = working(desk, "access_log.loading", "access_log.loading")
    beside = await ask_or_kept(desk, loading, partial(_beside, desk), "records beside")
    excerpt = Excerpt()
    while True:
        excerpt = await _walk(desk, beside, excerpt)


async def _walk(desk: Desk, beside: Seen[Beside], excerpt: Excerpt) -> Excerpt:
    """From page to page, until other records are wanted. Raises Back."""
    places = [Place()]
    while True:
        told = await _told(desk, beside, excerpt, places[-1])
        try:
            answer = await _stay(desk, beside.value, excerpt, told)
        except Back:
            places.pop()
            if places:
                continue
            if excerpt == Excerpt():
                raise
            return Excerpt()
        if answer == CHOOSE:
            with suppress(Back):
                return await _choose(desk)
        elif told.value.next is not None:
            places.append(told.value.next)


async def _told(desk: Desk, beside: Seen[Beside], excerpt: Excerpt, place: Place) -> Seen[Told]:
    """Whoever has chosen what was kept is not asked again for each page of it. Raises Back, StartAgain."""
    key = f"records {excerpt} {place.cursor}"
    if beside.at is not None and key in desk.kept:
        kept: Seen[Told] = desk.kept[key]
        return kept
    loading = working(desk, "access_log.loading", "access_log.loading")
    return await ask_or_kept(desk, loading, partial(_page, desk, beside.value, excerpt, place), key)


async def _beside(desk: Desk) -> Beside:
    try:
        care = (await desk.backend.service("medical", "/medical").get("/records", wire.RecordList)).records
        whole = True
    except BackendError:
        care, whole = (), False
    cases = (await desk.backend.cases()).cases
    return Beside(care, whole, {case.transaction_number: case for case in cases})


async def _page(desk: Desk, beside: Beside, excerpt: Excerpt, place: Place) -> Told:
    agency = None if excerpt.agency is None else excerpt.agency.agency
    request = wire.RecordPageRequest(before=place.cursor, month=excerpt.month, agency=agency)
    page = await desk.backend.record_page(request)
    oldest = page.records[-1].record.at if page.next is not None else None
    care = beside.within(excerpt, place.newest, oldest)
    records = tuple(sorted((*page.records, *care), key=lambda one: one.record.at, reverse=True))
    after = None if page.next is None else Place(page.next, oldest, place.number + len(records))
    return Told(records, place, after)


async def _stay(desk: Desk, beside: Beside, excerpt: Excerpt, told: Seen[Told]) -> str:
    """On one page, until another is wanted: OLDER or CHOOSE. Raises Back."""
    while True:
        answer = await desk.show(_list(desk, beside, excerpt, told))
        if answer in (OLDER, CHOOSE):
            return answer
        with suppress(Back):
            await _read(desk, beside, told.value.records[int(answer)])


async def _read(desk: Desk, beside: Beside, told: wire.RecordSentence) -> None:
    number = told.record.transaction_number
    while True:
        answer = await desk.show(_detail(desk, beside, told))
        with suppress(Back):
            if answer == CHECK:
                await check_record(desk, number)
            elif answer == DOUBT and told in beside.care:
                await ask_at_office(desk, told.record)
            elif answer == DOUBT:
                case = await open_case(desk, number)
                if case is not None:
                    beside.cases[number] = case
            else:
                return


async def _choose(desk: Desk) -> Excerpt:
    """By what to choose, and then which. Raises Back."""
    by = await desk.show(_ways(desk))
    if by == EVERYTHING:
        return Excerpt()
    screen = working(desk, "access_log.counting", "access_log.loading")
    counts = await ask(desk, screen, desk.backend.record_counts)
    if by == MONTHS:
        return Excerpt(month=await desk.show(_months(desk, counts)))
    agencies = {one.agency: one for one in counts.agencies}
    return Excerpt(agency=agencies[await desk.show(_agencies(desk, counts))])


# --- screens ----------------------------------------------------------------------------------------------------------


def _list(desk: Desk, beside: Beside, excerpt: Excerpt, seen: Seen[Told]) -> ItemList:
    words, told = desk.words, seen.value
    rows = [_row(desk, beside, str(number), one) for number, one in enumerate(told.records)]
    if told.next is not None:
        rows.append(Row(OLDER, words("access_log.older")))
    if rows or excerpt != Excerpt():
        rows.append(Row(CHOOSE, words("access_log.choose")))
    return ItemList(
        name="access_log",
        title=_title(desk, excerpt),
        rows=tuple(rows),
        corner=as_of(words, seen.at) if seen.at else _corner(desk, beside, told),
        empty=words("access_log.empty"),
        preview_title=words("access_log.preview"),
        sentences=True,
    )


def _title(desk: Desk, excerpt: Excerpt) -> str:
    words = desk.words
    if excerpt.month is not None:
        return words("access_log.title_of", what=_month(desk, excerpt.month))
    if excerpt.agency is not None:
        return words("access_log.title_of", what=excerpt.agency.name)
    return words("access_log.title")


def _corner(desk: Desk, beside: Beside, told: Told) -> str:
    first, count = told.place.number, len(told.records)
    if not beside.whole:
        return desk.words("access_log.corner_partly", count=count)
    if told.next is None and first == 1:
        return desk.words("access_log.corner", count=count)
    return desk.words("access_log.corner_range", first=first, last=first + count - 1)


def _row(desk: Desk, beside: Beside, key: str, told: wire.RecordSentence) -> Row:
    case = beside.cases.get(told.record.transaction_number)
    return Row(
        key=key,
        title=Private(told.sentence),
        above=desk.words.day(told.record.at.astimezone(desk.now().tzinfo)),
        below=_reason(desk, told),
        badge="" if case is None else case_badge(desk, case),
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


def _detail(desk: Desk, beside: Beside, told: wire.RecordSentence) -> Detail:
    """What hospitals did is in no log that could be checked here; what is being looked into is not doubted twice."""
    words = desk.words
    case = beside.cases.get(told.record.transaction_number)
    actions = [Choice("back", words("action.back"))]
    if told not in beside.care:
        actions.append(Choice(CHECK, words("record_proof.check")))
    if case is None:
        actions.append(Choice(DOUBT, words("access_log.doubt")))
    return Detail(
        name="access_log.record",
        title=words("access_log.preview"),
        summary=(Private(told.sentence), _reason(desk, told)),
        facts=(*(case_facts(desk, case) if case else ()), *_facts(desk, told.record)),
        actions=tuple(actions),
    )


def _ways(desk: Desk) -> Menu:
    words = desk.words
    choices = tuple(Choice(one, words(f"access_log.by_{one}")) for one in (MONTHS, AGENCIES, EVERYTHING))
    return Menu(name="access_log.choose", title=words("access_log.choose_title"), choices=choices, back=True)


def _months(desk: Desk, counts: wire.RecordCounts) -> ItemList:
    words = desk.words
    return ItemList(
        name="access_log.months",
        title=words("access_log.by_months"),
        rows=tuple(
            Row(month, _month(desk, month), badge=words("access_log.corner", count=count))
            for month, count in counts.months
        ),
        empty=words("access_log.empty"),
    )


def _agencies(desk: Desk, counts: wire.RecordCounts) -> ItemList:
    words = desk.words
    return ItemList(
        name="access_log.agencies",
        title=words("access_log.by_agencies"),
        rows=tuple(
            Row(one.agency, Private(one.name), badge=words("access_log.corner", count=one.records))
            for one in counts.agencies
        ),
        empty=words("access_log.empty"),
    )


def _month(desk: Desk, month: str) -> Text:
    return desk.words("access_log.month", at=datetime.strptime(month, "%Y-%m").date())  # noqa: DTZ007 - a month has none
