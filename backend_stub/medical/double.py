"""重複投薬: an ingredient that is being taken already, or waits on another prescription."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from backend_client.wire import DoubleMedication, Medicine
from backend_stub.medical.clocks import day_of
from backend_stub.medical.prescriptions import Prescription


def doubled(
    medicines: Iterable[Medicine], others: Iterable[Prescription], now: datetime, *, tell_where: bool
) -> tuple[DoubleMedication, ...]:
    """Compare with the person's other prescriptions; one warning for each ingredient of each, in their order."""
    wanted = {medicine.ingredient for medicine in medicines}
    found = []
    for other in others:
        where = (other.pharmacy or other.facility) if tell_where else ""
        ends = {medicine.ingredient: _last_day(other, medicine) for medicine in other.medicines}
        today = day_of(now)
        found += [
            DoubleMedication(ingredient=ingredient, until=until, where=where)
            for ingredient, until in ends.items()
            if ingredient in wanted and until >= today
        ]
    return tuple(found)


def _last_day(prescription: Prescription, medicine: Medicine) -> date:
    """While it waits, counted from the last day on which it can be fetched."""
    first = day_of(prescription.dispensed_at) if prescription.dispensed_at else prescription.last_day
    return first + timedelta(days=medicine.days - 1)
