"""Reviews: under an order of its own the commission has agencies open their parts of a time, and checks everything."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from uuid import uuid4

from sqlalchemy import Engine, func, insert, select, update

from backend_client.wire import Finding, Parts, PartsRequest, Review
from backend_stub.body import Clock, Refusal
from backend_stub.commission.archive import Archive
from backend_stub.commission.checks import OpenedParts, check_exchange, outside_the_log
from backend_stub.commission.collector import Collector
from backend_stub.commission.disasters import DisasterDesk
from backend_stub.commission.facts import JST, View
from backend_stub.commission.findings import FindingBook
from backend_stub.commission.rules import OF_THE_LOG, OF_THE_PARTS, apply
from backend_stub.commission.tables import REVIEWS
from backend_stub.commission.thresholds import Thresholds
from backend_stub.database import retried
from backend_stub.peers import Peers

LONGEST = timedelta(days=7)
"""What one order may open."""


@dataclass(frozen=True, slots=True)
class _Term:
    since: datetime
    until: datetime


class Reviews:
    """All raise Refusal (when the gateway is away) and sqlalchemy.exc.DBAPIError."""

    def __init__(
        self,
        engine: Engine,
        peers: Peers,
        clock: Clock,
        agencies: tuple[str, ...],
        collector: Collector,
        archive: Archive,
        disasters: DisasterDesk,
        findings: FindingBook,
        thresholds: Thresholds,
    ) -> None:
        self._engine = engine
        self._peers = peers
        self._clock = clock
        self._agencies = agencies
        self._collector = collector
        self._archive = archive
        self._disasters = disasters
        self._findings = findings
        self._thresholds = thresholds
        self._tried_until: datetime | None = None

    async def review(self, since: datetime, until: datetime) -> Review:
        """Check a time with the parts of all agencies. What may still be under way is left to a later review."""
        await self._collector.catch_up()
        now = self._clock()
        term = _Term(since, min(until, now - self._thresholds.parts.grace))
        order = self._new_order(term, now)
        parts, refused = await self._open_parts(order, term, now)
        view = self._view(term, parts)
        broken = apply((*OF_THE_LOG, *OF_THE_PARTS), view, self._thresholds)
        found = (*refused, *self._check(term, view, parts), *broken)
        self._findings.keep(found, now)
        if not parts.silent:
            self._complete(order)
        return Review(order=order, exchanges=len(view.exchanges), findings=found)

    async def keep_up(self) -> None:
        """Fetch what is new, hold it against the rules that need no parts, and review the hours that are over."""
        await self._collector.catch_up()
        now = self._clock()
        today = now.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)
        seen = self._view(_Term(today, now + timedelta(days=1)), OpenedParts())
        self._findings.keep(apply(OF_THE_LOG, seen, self._thresholds), now)
        await self._review_hours(_hour(now - self._thresholds.parts.grace))

    async def _review_hours(self, closed: datetime) -> None:
        """Review what no complete review has covered, once an hour, up to the hour `closed`."""
        since = self._reviewed_until() or self._archive.oldest()
        if since is None or self._tried_until == closed:
            return
        self._tried_until = closed
        since = _hour(since)
        while since < closed:
            until = min(closed, since + LONGEST)
            await self.review(since, until)
            since = until

    async def _open_parts(self, order: str, term: _Term, now: datetime) -> tuple[OpenedParts, tuple[Finding, ...]]:
        """Ask all agencies side by side; gives what they opened, and a finding for each that did not."""
        grace = self._thresholds.parts.grace
        request = PartsRequest(
            order=order,
            valid_until=now + self._thresholds.parts.order,
            since=term.since - grace,
            until=term.until + grace,
        )
        parts, refused = OpenedParts(), []
        answers = await asyncio.gather(*(self._ask(agency, request) for agency in self._agencies))
        for agency, answer in zip(self._agencies, answers, strict=True):
            if isinstance(answer, Parts):
                parts.add(agency, answer.parts)
            else:
                parts.silent.add(agency)
                words = f"{agency} opened no parts under {order}: {answer.code}"
                refused.append(Finding(rule="parts_refused", body=agency, transaction_number="", words=words))
        return parts, tuple(refused)

    async def _ask(self, agency: str, request: PartsRequest) -> Parts | Refusal:
        try:
            parts: Parts = await self._peers.ask(agency, "/parts", request, Parts, uuid4().hex)
        except Refusal as refusal:
            return refusal
        return parts

    def _check(self, term: _Term, view: View, parts: OpenedParts) -> Iterator[Finding]:
        for exchange in view.exchanges:
            yield from check_exchange(exchange, parts)
        grace = self._thresholds.parts.grace
        happenings = self._archive.happenings(term.since - 2 * grace, term.until + 2 * grace)
        unprovided = frozenset(one.transaction_number for one in happenings if one.event == "not_provided")
        numbers = {number for _, number in (*parts.asked, *parts.provided)}
        yield from outside_the_log(parts, self._archive.exchanges_of(numbers), unprovided, term.until)

    def _view(self, term: _Term, parts: OpenedParts) -> View:
        exchanges = self._archive.exchanges(term.since, term.until)
        return View(
            exchanges=exchanges,
            marks=self._archive.marks(),
            acts=tuple(parts.acts(exchanges)),
            happenings=self._archive.happenings(term.since, term.until),
            orders=self._disasters.orders(),
            tuples=self._archive.tuples(),
            editions=self._archive.editions(),
        )

    def _new_order(self, term: _Term, now: datetime) -> str:
        order = f"R-{now.astimezone(JST):%Y%m%d}-{token_hex(4)}"
        row = {
            "order": order,
            "at": now,
            "valid_until": now + self._thresholds.parts.order,
            "since": term.since,
            "until": term.until,
            "complete": False,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(REVIEWS).values(row))
        return order

    @retried
    def _complete(self, order: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(REVIEWS).where(REVIEWS.c.order == order).values(complete=True))

    def _reviewed_until(self) -> datetime | None:
        with self._engine.connect() as connection:
            last = select(func.max(REVIEWS.c.until)).where(REVIEWS.c.complete)
            until: datetime | None = connection.execute(last).scalar()
        return until


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
