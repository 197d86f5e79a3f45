"""How a person's insurance stands, where the card is not here to ask with: for facilities' own questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backend_client.wire import Eligibility, HealthConsent, Insurance, SpecialDisease, Validity
from backend_stub.medical.book import Book, Person
from backend_stub.medical.clocks import day_of
from backend_stub.medical.coverage import Coverage, judge


class Standing:
    """Answers as eligibility does, with the consent that is in force and no new one."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def of(self, symbol: str, facility: str, number: int, now: datetime) -> Eligibility:
        """Say how the insurance of `symbol` stands now, under the reception's number."""
        judged = judge_person(self._book.person(symbol), day_of(now))
        consent, ends_at = self._book.consent_in_force(facility, symbol, now)
        return judged.told(consent, ends_at, number)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person's memberships mean on a day."""

    validity: Validity
    coverage: Coverage | None
    """The one that counts, when it can be used."""
    insurance: Insurance | None
    """The same for the desk."""

    def told(
        self,
        consent: HealthConsent,
        consent_ends_at: datetime | None,
        number: int,
        grace_until: str | None = None,
        checked_at: datetime | None = None,
    ) -> Eligibility:
        """The answer for the reception of that number, under what was consented to."""
        return Eligibility(
            validity=self.validity,
            insurance=self.insurance,
            consent=consent,
            consent_ends_at=consent_ends_at,
            reception_number=str(number),
            limit=self.coverage.limit if self.coverage else None,
            diseases=told_diseases(self.coverage, consent),
            grace_until=grace_until,
            checked_at=checked_at,
        )


def judge_person(person: Person | None, day: date) -> Judged:
    """Judge the memberships of a person; nobody has none."""
    validity, coverage = judge(person.coverages if person else (), day)
    return Judged(validity, coverage, _insurance(person, coverage) if person and coverage else None)


def told_diseases(coverage: Coverage | None, consent: HealthConsent) -> tuple[SpecialDisease, ...]:
    """A disease is told with consent to treatment only; a limit says nothing of one, and is told with the claim.

    Source: ux reference, section 4.1 (限度額 is not asked since 2024-10).
    """
    return coverage.diseases if coverage is not None and consent.treatment else ()


def _insurance(person: Person, coverage: Coverage) -> Insurance:
    return Insurance(
        insurer_number=coverage.insurer_number,
        insurer_name=coverage.insurer_name,
        insured_card_symbol=coverage.insured_card_symbol,
        insured_identification_number=coverage.insured_identification_number,
        insured_branch_number=coverage.insured_branch_number,
        personal_family=coverage.personal_family,
        name=person.name,
        name_kana=person.name_kana,
        birth_date=person.birth_date,
        partial_contribution_percent=coverage.partial_contribution_percent,
        valid_from=coverage.valid_from,
        valid_to=coverage.valid_to,
    )
