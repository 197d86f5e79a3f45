"""Prescriptions that wait, and the one dispensing of each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import ColumnElement, Engine, Row, insert, select, update

from backend_client.wire import HealthEntry, HealthKind, Medicine, PrescriptionDocument
from backend_stub.database import retried
from backend_stub.medical.history import entry_row
from backend_stub.medical.tables import ENTRIES, PRESCRIPTIONS

DAYS_TO_FETCH = 4
"""交付の日を含めて4日以内. Source: 保険医療機関及び保険医療養担当規則 第20条."""
LONGEST = timedelta(days=180)
"""As wire.Medicine allows."""
EXCHANGE_DIGITS = 12
NOT_DISPENSED = PRESCRIPTIONS.c.dispensing.is_(None)


class DispensedElsewhere(Exception):
    """Another dispensing of the same prescription came first."""


@dataclass(frozen=True, slots=True)
class Prescription:
    """One prescription as it is kept."""

    id: str
    exchange_number: str
    symbol: str
    facility: str
    at: datetime
    last_day: date
    document: bytes
    signature: bytes
    certificate: bytes
    pharmacy: str | None
    dispensed_at: datetime | None

    @property
    def medicines(self) -> tuple[Medicine, ...]:
        return msgspec.json.decode(self.document, type=PrescriptionDocument).medicines


@dataclass(frozen=True, slots=True)
class Signed:
    """A document as the doctor's computer sends it, checked."""

    document: bytes
    signature: bytes
    certificate: bytes


class Prescriptions:
    """All prescriptions. Persons are the body's own symbols."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def register(self, symbol: str, facility: str, signed: Signed, at: datetime, day: date) -> Prescription:
        """Keep one. The same document under the same signature is the same prescription, however often it comes."""
        with self._engine.begin() as connection:
            same = PRESCRIPTIONS.c.symbol == symbol, PRESCRIPTIONS.c.signature == signed.signature
            row = connection.execute(select(PRESCRIPTIONS).where(*same)).first()
            if row is not None:
                return _prescription(row)
            fresh = {
                "id": uuid4().hex,
                "exchange_number": "".join(secrets.choice("0123456789") for _ in range(EXCHANGE_DIGITS)),
                "symbol": symbol,
                "facility": facility,
                "at": at,
                "last_day": day + timedelta(days=DAYS_TO_FETCH - 1),
                "document": signed.document,
                "signature": signed.signature,
                "certificate": signed.certificate,
            }
            connection.execute(insert(PRESCRIPTIONS).values(fresh))
        return Prescription(**fresh, pharmacy=None, dispensed_at=None)  # type: ignore[arg-type]  # a row of them

    def waiting(self, symbol: str, day: date) -> tuple[Prescription, ...]:
        """Those of a person that can be dispensed on `day`, oldest first."""
        return self._find(PRESCRIPTIONS.c.symbol == symbol, NOT_DISPENSED, PRESCRIPTIONS.c.last_day >= day)

    def exchanged(self, number: str, day: date) -> tuple[Prescription, ...]:
        """The one with an exchange number, if it can be dispensed on `day`."""
        return self._find(PRESCRIPTIONS.c.exchange_number == number, NOT_DISPENSED, PRESCRIPTIONS.c.last_day >= day)

    def taken(self, symbol: str, now: datetime) -> tuple[Prescription, ...]:
        """Those of a person that were dispensed, as far back as medicines can last."""
        return self._find(PRESCRIPTIONS.c.symbol == symbol, PRESCRIPTIONS.c.dispensed_at >= now - LONGEST)

    def one(self, prescription: str) -> Prescription | None:
        return next(iter(self._find(PRESCRIPTIONS.c.id == prescription)), None)

    @retried
    def dispense(self, prescription: Prescription, dispensing: str, pharmacy: str, at: datetime, day: date) -> datetime:
        """Dispense once; gives when that was. The same dispensing again changes nothing. Raises DispensedElsewhere."""
        this = PRESCRIPTIONS.c.id == prescription.id
        with self._engine.begin() as connection:
            values = {"dispensing": dispensing, "pharmacy": pharmacy, "dispensed_at": at}
            done = connection.execute(update(PRESCRIPTIONS).where(this, NOT_DISPENSED).values(values))
            if done.rowcount == 1:
                entries = [entry_row(prescription.symbol, entry) for entry in _handed_out(prescription, pharmacy, day)]
                connection.execute(insert(ENTRIES), entries)
                return at
            row = connection.execute(select(PRESCRIPTIONS).where(this)).one()
        if (row.dispensing, row.pharmacy) != (dispensing, pharmacy):
            raise DispensedElsewhere
        earlier: datetime = row.dispensed_at
        return earlier

    def _find(self, *conditions: ColumnElement[bool]) -> tuple[Prescription, ...]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(PRESCRIPTIONS).where(*conditions).order_by(PRESCRIPTIONS.c.at))
            return tuple(map(_prescription, rows))


def _prescription(row: Row[Any]) -> Prescription:
    return Prescription(
        row.id,
        row.exchange_number,
        row.symbol,
        row.facility,
        row.at,
        row.last_day,
        row.document,
        row.signature,
        row.certificate,
        row.pharmacy,
        row.dispensed_at,
    )


def _handed_out(prescription: Prescription, pharmacy: str, day: date) -> Sequence[HealthEntry]:
    return [
        HealthEntry(kind=HealthKind.MEDICINES, on=day, place=pharmacy, what=medicine.name, detail=medicine.usage)
        for medicine in prescription.medicines
    ]
