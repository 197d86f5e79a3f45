"""What the medical body keeps: the insured by its own symbols, receptions, and consents with their term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import JSON, Boolean, Column, Date, Engine, Integer, MetaData, String, Table, func, insert, select

from backend_client.wire import HealthConsent
from backend_stub.database import Moment, retried
from backend_stub.holding import beside
from backend_stub.medical.coverage import Coverage

TABLES = MetaData(info={"migrations": "medical"})

INSURED = Table(
    "insured",
    TABLES,
    Column("symbol", String(66), primary_key=True),
    Column("reference", String(40), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("name_kana", String(200), nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("coverages", JSON, nullable=False),
)
RECEPTIONS = Table(
    "receptions",
    TABLES,
    Column("facility", String(100), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("symbol", String(66), nullable=False),
)
CONSENTS = Table(
    "consents",
    TABLES,
    Column("facility", String(100), primary_key=True),
    Column("symbol", String(66), primary_key=True),
    Column("given_at", Moment, primary_key=True),
    Column("ends_at", Moment, nullable=False),
    Column("medicines", Boolean, nullable=False),
    Column("treatment", Boolean, nullable=False),
    Column("checkup", Boolean, nullable=False),
)
SYMBOLS_BESIDE = beside(TABLES)


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
    def add(self, reference: str, symbol: str, person: Person) -> None:
        row = {
            "symbol": symbol,
            "reference": reference,
            "name": person.name,
            "name_kana": person.name_kana,
            "birth_date": person.birth_date,
            "coverages": msgspec.to_builtins(person.coverages),
        }
        with self._engine.begin() as connection:
            connection.execute(insert(INSURED).values(row))

    def person(self, symbol: str) -> Person | None:
        with self._engine.connect() as connection:
            row = connection.execute(select(INSURED).where(INSURED.c.symbol == symbol)).one_or_none()
        if row is None:
            return None
        return Person(row.name, row.name_kana, row.birth_date, msgspec.convert(row.coverages, tuple[Coverage, ...]))

    @retried
    def receive(self, facility: str, symbol: str, day: date, at: datetime) -> int:
        """Count one reception; numbers begin at 1 each day at each facility."""
        so_far = select(func.max(RECEPTIONS.c.number)).where(RECEPTIONS.c.facility == facility, RECEPTIONS.c.day == day)
        with self._engine.begin() as connection:
            number = int(connection.execute(so_far).scalar() or 0) + 1
            row = {"facility": facility, "day": day, "number": number, "at": at, "symbol": symbol}
            connection.execute(insert(RECEPTIONS).values(row))
        return number

    @retried
    def consent(
        self, facility: str, symbol: str, consent: HealthConsent, given_at: datetime, ends_at: datetime
    ) -> None:
        row = {"facility": facility, "symbol": symbol, "given_at": given_at, "ends_at": ends_at}
        with self._engine.begin() as connection:
            connection.execute(insert(CONSENTS).values(row | msgspec.structs.asdict(consent)))
