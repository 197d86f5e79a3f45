"""Open statistics of use: exchanges by hour and law tuple, without telling of few.

Signed heads are public and show how much the log grew, so a single hidden count of an hour could be found by
subtraction: where one is hidden, others are hidden with it, until together they are not few. An hour that stays small
is left out.
Each hour stands for itself and is told when it is over and all here, so that two pages compared tell nothing more.
Source: gateway reference, sections 2.3 and 9.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, Integer, String, func, literal_column, select, type_coerce

from backend_client.wire import Usage, UsageCell
from backend_stub.commission.tables import LEAVES, TUPLES
from backend_stub.commission.thresholds import UsageTerms

HOUR_CHARACTERS = len("2026-11-21T09")


def suppressed(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Hide small counts of one hour (None), and as many others as it takes. Empty: nothing can be told of this hour."""
    if sum(counts.values()) < least:
        return {}
    shown = sorted((law for law, count in counts.items() if count >= least), key=lambda law: (counts[law], law))
    hidden = [law for law, count in counts.items() if count < least]
    while hidden and shown and sum(counts[law] for law in hidden) < least:
        hidden.append(shown.pop(0))
    return {law: None if law in hidden else count for law, count in counts.items()}


class UsageDesk:
    """Counts what the archive holds. Raises sqlalchemy.exc.DBAPIError."""

    def __init__(self, engine: Engine, terms: UsageTerms) -> None:
        self._engine = engine
        self._terms = terms

    def usage(self, complete_until: datetime) -> Usage:
        """Tell the hours that were over at that time."""
        until = complete_until.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        hours = self._counts(until - timedelta(days=self._terms.days), until)
        cells = tuple(
            UsageCell(hour=hour, law=law, exchanges=count)
            for hour, counts in sorted(hours.items())
            for law, count in sorted(suppressed(counts, self._terms.least).items())
        )
        return Usage(until=until, least=self._terms.least, cells=cells, never_used=self._hardly_used(until))

    def _counts(self, since: datetime, until: datetime) -> dict[datetime, dict[str, int]]:
        # Written out: PostgreSQL takes two parameters of equal value for two expressions, and refuses the grouping.
        start, length = literal_column("1", Integer), literal_column(str(HOUR_CHARACTERS), Integer)
        hour = func.substr(type_coerce(LEAVES.c.at, String), start, length, type_=String)
        within = (LEAVES.c.what == "exchange", LEAVES.c.at >= since, LEAVES.c.at < until)
        found = select(hour, LEAVES.c.law, func.count()).where(*within).group_by(hour, LEAVES.c.law)
        hours: dict[datetime, dict[str, int]] = defaultdict(dict)
        with self._engine.connect() as connection:
            for text, law, count in connection.execute(found):
                hours[datetime.fromisoformat(f"{text}:00:00+00:00")][law] = count
        return hours

    def _hardly_used(self, until: datetime) -> tuple[str, ...]:
        used = select(LEAVES.c.law).where(LEAVES.c.what == "exchange", LEAVES.c.at < until)
        often = used.group_by(LEAVES.c.law).having(func.count() >= self._terms.least)
        with self._engine.connect() as connection:
            laws = select(TUPLES.c.law).where(TUPLES.c.law.not_in(often)).distinct().order_by(TUPLES.c.law)
            return tuple(connection.execute(laws).scalars())
