"""What eligibility needs and leaves: the insured by own symbols, receptions, and consents with their term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import Engine, delete, insert, select

from backend_client.wire import HealthConsent, HealthEntry
from backend_stub.database import retried
from backend_stub.medical.coverage import Coverage
from backend_stub.medical.history import entry_row
from backend_stub.medical.tables import CONSENTS, ENTRIES, INSURED, LINKS, RECEPTIONS, TABLES

__all__ = ["TABLES", "Book", "Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the medical body knows, and all coverages it has of them."""

    name: str
    name_kana: str
    birth_date: date
    coverages: tuple[Coverage, ...]


class Book:
    """The medical body's database. Symbols are its own, hex."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def knows(self, reference: str) -> bool:
        with self._engine.connect() as connection:
            found = connection.execute(select(INSURED.c.symbol).where(INSURED.c.reference == reference))
            return found.first() is not None

    @retried
    def add(self, reference: str, symbol: str, person: Person, entries: Sequence[HealthEntry] = ()) -> None:
        """Keep a person and what is known of their health, together or not at all."""
        row = {
            "symbol": symbol,
            "reference": reference,
            "name": person.name,
            "name_kana": person.name_kana,
            "birth_date": person.birth_date,
            "coverages": msgspec.to_builtins(person.coverages),
        }
        with self._engine.begin() as connection:
            connection.execute(delete(LINKS).where(LINKS.c.symbol == symbol))  # the next check begins anew
            connection.execute(insert(INSURED).values(row))
            if entries:
                connection.execute(insert(ENTRIES), [entry_row(symbol, entry) for entry in entries])

    def person(self, symbol: str) -> Person | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(INSURED).where(INSURED.c.symbol == symbol)).one_or_none()
        if row is None:
            return None
        return Person(row.name, row.name_kana, row.birth_date, msgspec.convert(row.coverages, tuple[Coverage, ...]))

    def received(self, facility: str, day: date, number: int) -> str | None:
        """Whose reception it was: the symbol, or None when there was none."""
        this = RECEPTIONS.c.facility == facility, RECEPTIONS.c.day == day, RECEPTIONS.c.number == number
        with self._engine.connect() as connection:
            return connection.execute(select(RECEPTIONS.c.symbol).where(*this)).scalar()

    def consented(self, facility: str, symbol: str, now: datetime) -> HealthConsent:
        """What the facility may see now: the last consent, while it is in force."""
        return self.consent_in_force(facility, symbol, now)[0]

    def consent_in_force(self, facility: str, symbol: str, now: datetime) -> tuple[HealthConsent, datetime | None]:
        """The same, and until when; a plain no has no end."""
        this = CONSENTS.c.facility == facility, CONSENTS.c.symbol == symbol
        newest = select(CONSENTS).where(*this).order_by(CONSENTS.c.given_at.desc()).limit(1)
        with self._engine.connect() as connection:
            row = connection.execute(newest).one_or_none()
        if row is None or now >= row.ends_at:
            return HealthConsent(), None
        given = HealthConsent(medicines=row.medicines, treatment=row.treatment, checkup=row.checkup)
        return given, None if given == HealthConsent() else row.ends_at
