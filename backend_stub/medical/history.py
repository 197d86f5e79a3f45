"""What is known of a person's health, who looked at it, and what the person reads of that in My Portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from backend_client.wire import HealthEntry, HealthKind
from backend_stub.database import retried
from backend_stub.medical.clocks import day_of
from backend_stub.medical.tables import CONSENTS, ENTRIES, LOOKS, PRESCRIPTIONS, QUESTIONS, RECEPTIONS
from backend_stub.medical.ways import Way


class What(Enum):
    """What a facility did; the values are the sentences' names."""

    ELIGIBILITY = "eligibility"
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    LOOK = "look"
    REFUSED_LOOK = "refused_look"
    PRESCRIPTION = "prescription"
    DISPENSING = "dispensing"
    AGAIN = "again"
    LATER = "later"
    DISASTER = "disaster"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a facility did for or with a person."""

    number: str
    """Finds it again when the person asks."""
    at: datetime
    facility: str
    what: What
    kinds: tuple[HealthKind, ...] = ()
    """Consented to, seen, or refused."""


class History:
    """Entries of persons (by symbol), and the records about them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def entries(self, symbol: str, kinds: Sequence[HealthKind]) -> tuple[HealthEntry, ...]:
        """Newest first."""
        wanted = ENTRIES.c.symbol == symbol, ENTRIES.c.kind.in_([kind.value for kind in kinds])
        with self._engine.connect() as connection:
            rows = connection.execute(select(ENTRIES).where(*wanted).order_by(ENTRIES.c.on.desc(), ENTRIES.c.id))
            return tuple(
                HealthEntry(kind=HealthKind(r.kind), on=r.on, place=r.place, what=r.what, detail=r.detail) for r in rows
            )

    @retried
    def looked(
        self, symbol: str, facility: str, at: datetime, given: Sequence[HealthKind], withheld: Sequence[HealthKind]
    ) -> None:
        """Keep that somebody looked, before anything is shown."""
        row = {"symbol": symbol, "facility": facility, "at": at, "given": _values(given), "withheld": _values(withheld)}
        with self._engine.begin() as connection:
            connection.execute(insert(LOOKS).values(row))

    @retried
    def asked_again(self, symbol: str, facility: str, at: datetime) -> None:
        """Keep that a facility asked once more, before anything is told."""
        with self._engine.begin() as connection:
            connection.execute(insert(QUESTIONS).values({"symbol": symbol, "facility": facility, "at": at}))

    def deeds(self, symbol: str) -> tuple[Deed, ...]:
        """All that facilities did for the person, newest first."""
        with self._engine.connect() as connection:
            told = [
                deed
                for table, deeds_of in _DEEDS
                for row in connection.execute(select(table).where(table.c.symbol == symbol))
                for deed in deeds_of(row)
            ]
        return tuple(sorted(told, key=lambda deed: deed.at, reverse=True))


def entry_row(symbol: str, entry: HealthEntry) -> dict[str, object]:
    return {
        "symbol": symbol,
        "kind": entry.kind.value,
        "on": entry.on,
        "place": entry.place,
        "what": entry.what,
        "detail": entry.detail,
    }


def _entry(row: Row[Any]) -> HealthEntry:
    return HealthEntry(kind=HealthKind(row.kind), on=row.on, place=row.place, what=row.what, detail=row.detail)


def _values(kinds: Sequence[HealthKind]) -> list[str]:
    return [kind.value for kind in kinds]


def _reception(row: Row[Any]) -> list[Deed]:
    return [Deed(f"R-{row.day:%Y%m%d}-{row.number}", row.at, row.facility, _WAYS[Way(row.way)])]


def _question(row: Row[Any]) -> list[Deed]:
    return [Deed(f"A-{row.id}", row.at, row.facility, What.AGAIN)]


def _consent(row: Row[Any]) -> list[Deed]:
    kinds = tuple(kind for kind in HealthKind if getattr(row, kind.value))
    what = What.CONSENT if kinds else What.WITHDRAWAL
    return [Deed(f"C-{day_of(row.given_at):%Y%m%d}", row.given_at, row.facility, what, kinds)]


def _look(row: Row[Any]) -> list[Deed]:
    whats = ((What.LOOK, row.given), (What.REFUSED_LOOK, row.withheld))
    return [
        Deed(f"L-{row.id}", row.at, row.facility, what, tuple(map(HealthKind, kinds))) for what, kinds in whats if kinds
    ]


def _prescription(row: Row[Any]) -> list[Deed]:
    number = f"P-{row.id[:8]}"
    told = [Deed(number, row.at, row.facility, What.PRESCRIPTION)]
    if row.dispensing is not None:
        told.append(Deed(number, row.dispensed_at, row.pharmacy, What.DISPENSING))
    return told


_WAYS = {Way.CARD: What.ELIGIBILITY, Way.LATER: What.LATER, Way.DISASTER: What.DISASTER}
_DEEDS = (
    (RECEPTIONS, _reception),
    (QUESTIONS, _question),
    (CONSENTS, _consent),
    (LOOKS, _look),
    (PRESCRIPTIONS, _prescription),
)
