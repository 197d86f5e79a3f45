"""How a person's insurance stands, where the card is not here to ask with: for facilities' own questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backend_client.wire import Eligibility, HealthConsent, Insurance, SpecialDisease
from backend_stub.medical.book import Book, Person
from backend_stub.medical.clocks import day_of
from backend_stub.medical.coverage import Coverage, judge


class Standing:
    """Answers as eligibility does, with the consent that is in force and no new one."""

    def __init__(self, book: Book, insurance: Callable[[Person, Coverage], Insurance]) -> None:
        self._book = book
        self._insurance = insurance

    def of(self, symbol: str, facility: str, number: int, now: datetime) -> Eligibility:
        """Say how the insurance of `symbol` stands now, under the reception's number."""
        person = self._book.person(symbol)
        validity, coverage = judge(person.coverages if person else (), day_of(now))
        consent, ends_at = self._book.consent_in_force(facility, symbol, now)
        return Eligibility(
            validity=validity,
            insurance=self._insurance(person, coverage) if person and coverage else None,
            consent=consent,
            consent_ends_at=ends_at,
            reception_number=str(number),
            limit=coverage.limit if coverage else None,
            diseases=told_diseases(coverage, consent),
        )


def told_diseases(coverage: Coverage | None, consent: HealthConsent) -> tuple[SpecialDisease, ...]:
    """A disease is told with consent to treatment only; a limit says nothing of one, and is told with the claim.

    Source: ux reference, section 4.1 (限度額 is not asked since 2024-10).
    """
    return coverage.diseases if coverage is not None and consent.treatment else ()
